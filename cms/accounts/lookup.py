"""Finds the account that an administrator of the server names on the command line."""

from django.core.management.base import CommandError

from cms.models import User


def account_named(name: str) -> User:
    """Return the account with a username; without one, the command ends with a sentence."""
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no account {name}.")
    return user
