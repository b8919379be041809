"""All models of the delivery API, imported here so that Django finds them."""

from frontend_api.caching.cdn.models import CachedAddress, PurgeTarget
from frontend_api.changes.models import Change, ChangeLog, UnindexedObject
from frontend_api.feed.models import PublicChange, PublicObject, PublicState
from frontend_api.images.models import ImageFile, RetiredFile
from frontend_api.previews.sharing.models import SharedDraft
from frontend_api.previews.typed_drafts import TypedDraft
from frontend_api.redirects.models import FormerPath
from frontend_api.scheduling.models import ScheduleFailure
from frontend_api.search.models import SearchEntry, SearchSpelling
from frontend_api.webhooks.models import WebhookAttempt, WebhookMessage, WebhookRecipient

__all__ = [
    "CachedAddress",
    "Change",
    "ChangeLog",
    "FormerPath",
    "ImageFile",
    "PublicChange",
    "PublicObject",
    "PublicState",
    "PurgeTarget",
    "RetiredFile",
    "ScheduleFailure",
    "SearchEntry",
    "SearchSpelling",
    "SharedDraft",
    "TypedDraft",
    "UnindexedObject",
    "WebhookAttempt",
    "WebhookMessage",
    "WebhookRecipient",
]
