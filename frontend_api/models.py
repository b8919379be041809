"""Every table of the delivery API."""

from .changes.models import Change, ChangeLog, UnindexedObject
from .purging.models import CachedAddress, PurgeTarget
from .sharing.models import SharedDraft
from .typed_drafts import TypedDraft

__all__ = [
    "CachedAddress",
    "Change",
    "ChangeLog",
    "PurgeTarget",
    "SharedDraft",
    "TypedDraft",
    "UnindexedObject",
]
