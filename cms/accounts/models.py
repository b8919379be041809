"""What is kept of attempts to sign in, and of the browsers that somebody signed in with."""

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import models


class Attempts(models.Model):
    """How often something was tried since when; all processes share it, with or without a cache server."""

    key = models.CharField(max_length=64, primary_key=True)
    """A keyed hash of what is limited and for whom, so that the table names no account and no address."""
    number = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.number} until {self.ends_at}"


class KnownDevice(models.Model):
    """A browser that an account has signed in with before, known by a cookie of its own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    """A keyed hash of the cookie."""
    last_used_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="accounts_known_device"),
        ]

    def __str__(self) -> str:
        return f"{self.user} until now {self.last_used_at}"


class ProviderSession(models.Model):
    """A session that a provider of accounts (OpenID Connect) vouches for, and when it last did."""

    session_key = models.CharField(max_length=40, primary_key=True)
    account = models.ForeignKey(SocialAccount, models.CASCADE, related_name="+")
    refresh_token = models.TextField(blank=True)
    """What the provider is asked with again, encrypted; empty if it gave none."""
    confirmed_at = models.DateTimeField()
    asked_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.account}, confirmed {self.confirmed_at}"
