"""Every table of the delivery API."""

from .changes.models import Change, ChangeLog

__all__ = ["Change", "ChangeLog"]
