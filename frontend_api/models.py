"""Every table of the delivery API."""

from .changes.models import Change, ChangeLog
from .sharing.models import SharedDraft
from .typed_drafts import TypedDraft

__all__ = ["Change", "ChangeLog", "SharedDraft", "TypedDraft"]
