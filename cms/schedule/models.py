"""The private link by which somebody's own calendar reads the schedule."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.db import models
from django.utils.crypto import get_random_string

SALT = "cms.schedule.calendar"


class CalendarLink(models.Model):
    """A link of one user; without its row, or with another secret in it, the link leads nowhere."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_link"
    )
    secret = models.CharField(max_length=32)
    made_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Calendar of {self.user_id}"

    @property
    def token(self) -> str:
        """What the link ends with; whoever reads this table alone cannot make it."""
        return signing.Signer(salt=SALT).sign_object([self.pk, self.secret])


def make_link(user: Any) -> CalendarLink:
    """Give a user a link; an older one leads nowhere from then on."""
    link, _ = CalendarLink.objects.update_or_create(
        user=user, defaults={"secret": get_random_string(32)}
    )
    return link


def link_of(token: str) -> CalendarLink | None:
    """Return the link that a token is of, or None if it leads nowhere (any more)."""
    try:
        pk, secret = signing.Signer(salt=SALT).unsign_object(token)
        return CalendarLink.objects.select_related("user").filter(pk=pk, secret=secret).first()
    except (signing.BadSignature, TypeError, ValueError):
        return None
