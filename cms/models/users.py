"""Accounts."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Somebody who can log in to the admin; a model of our own from the start, because it cannot be swapped later."""
