"""Makes messages of what changed for readers: the feed is the queue, and each recipient has a place in it.

A place only moves in the transaction that stores the messages, so that a crash loses none and makes none twice.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from rest_framework.renderers import JSONRenderer

from frontend_api.changes import surrogate_keys
from frontend_api.changes.tags import EVERYTHING
from frontend_api.feed import cursors, reading
from frontend_api.feed.items import items_of
from frontend_api.feed.models import PublicChange, PublicKind, PublicState

from .models import TEST_KEY, Form, State, WebhookMessage, WebhookRecipient

CHANGED, TEST = "content.changed", "webhook.test"
"""The types of events."""

MOST = 200
"""How many changes are looked at in one transaction."""

# What is about a page that is there.
_OF_PAGES = (PublicKind.PUBLISHED, PublicKind.UPDATED, PublicKind.MOVED)

QUIET = timedelta(seconds=10)
"""A build hook is asked when nothing has changed for so long."""

LONGEST_WAIT = timedelta(seconds=60)
"""It is asked after so long, whatever goes on changing."""

SETTLING = timedelta(seconds=60)
"""A purge is repeated after so long: by then, whatever was being read during the first one has arrived."""

MOST_TAGS = 100
"""How many tags one purge names; Next.js takes 128 in one call."""

MOST_PURGES = 5
"""Where it would take more purges than this, everything is purged."""


def owe(now: datetime) -> None:
    """Store the messages that are owed for what has changed, for every recipient that is switched on."""
    newest = reading.state()
    behind = WebhookRecipient.objects.filter(is_enabled=True).exclude(position=newest.number)
    for recipient in behind:
        while _owe(recipient, newest, now):
            recipient.refresh_from_db(fields=["position"])


def _owe(recipient: WebhookRecipient, newest: PublicState, now: datetime) -> bool:
    """Store the messages for some changes, and return whether there may be more."""
    position = recipient.position
    changes = reading.changes_after(position, MOST) if position < newest.number else []
    if changes and changes[0].number == position + 1:
        told = [change for change in changes if hears(recipient, change)]
    else:
        # Some of the changes have been pruned, or the feed is an older one.
        changes = told = [_everything(newest, now)]
    with transaction.atomic():
        locked = WebhookRecipient.objects.select_for_update().filter(
            pk=recipient.pk, position=position, is_enabled=True
        )
        if locked.first() is None:
            # Somebody else was faster, or it is gone.
            return False
        tell(recipient, told, now)
        WebhookRecipient.objects.filter(pk=recipient.pk).update(position=changes[-1].number)
    return changes[-1].number < newest.number


def hears(recipient: WebhookRecipient, change: PublicChange) -> bool:
    """Return whether a recipient is to be told of a change.

    As in the feed, types and sites narrow down which pages are told of. Whatever else happened may matter to anybody.
    """
    if change.kind == PublicKind.BUMPED:
        return True
    if recipient.kinds and change.kind not in recipient.kinds:
        return False
    if change.kind not in _OF_PAGES:
        return True
    is_of_type = not recipient.types or change.object_type in recipient.types
    return is_of_type and (not recipient.sites or change.site_id in recipient.sites)


def tell(recipient: WebhookRecipient, changes: list[PublicChange], now: datetime) -> None:
    """Store what a recipient gets for these changes, in the form that it wants."""
    if not changes:
        return
    if recipient.form == Form.EVENT:
        items = items_of(changes)
        WebhookMessage.objects.bulk_create(
            _event(recipient, change, item, now)
            for change, item in zip(changes, items, strict=True)
        )
    elif recipient.form == Form.BUILD:
        _ask_for_build(recipient, changes, now)
    else:
        _purge(recipient, changes, now)


def try_out(recipient: WebhookRecipient, now: datetime) -> WebhookMessage:
    """Store a message that tells of no change, and return it."""
    message = _message(recipient, [], now)
    message.key = f"{TEST_KEY}{message.message_id}"
    if recipient.form == Form.EVENT:
        feed = reading.state()
        data = {"cursor": cursors.cursor_at(feed.number, feed.stamp)}
        message.body = _json({"type": TEST, "timestamp": now, "data": data})
    elif recipient.form == Form.TAGS:
        # Nothing has this tag.
        message.tags = surrogate_keys.surrogate_keys(["webhook.test"])
    message.save()
    return message


def _event(
    recipient: WebhookRecipient, change: PublicChange, item: dict[str, Any], now: datetime
) -> WebhookMessage:
    message = _message(recipient, [change], now)
    message.key = f"{change.object_type}:{change.object_id}"
    cursor = cursors.cursor_at(change.number, change.stamp)
    event = {"type": CHANGED, "timestamp": change.changed_at, "data": {"cursor": cursor, **item}}
    message.body = _json(event)
    return message


def _ask_for_build(recipient: WebhookRecipient, changes: list[PublicChange], now: datetime) -> None:
    """Put the build off that waits, or ask for one. A build that is being asked for has seen nothing of this."""
    waiting = recipient.messages.filter(
        state=State.PENDING, key="build", claimed_until=None
    ).select_for_update()
    if message := waiting.first():
        message.last = changes[-1].number
        if not message.attempts:
            message.due_at = min(now + QUIET, message.created_at + LONGEST_WAIT)
        message.save(update_fields=["last", "due_at"])
        return
    message = _message(recipient, changes, now)
    message.key, message.due_at = "build", now + QUIET
    message.save()


def _purge(recipient: WebhookRecipient, changes: list[PublicChange], now: datetime) -> None:
    names = _names(changes)
    for at in range(0, len(names), MOST_TAGS):
        message = _message(recipient, changes, now)
        # A purge waits for no other one.
        message.key = f"tags:{message.message_id}"
        message.tags, message.repeats = names[at : at + MOST_TAGS], 1
        message.save()


def _names(changes: Iterable[PublicChange]) -> list[str]:
    tags = {tag for change in changes for tag in change.tags}
    names = surrogate_keys.of_change(tags)
    if len(names) > MOST_TAGS * MOST_PURGES:
        names = surrogate_keys.of_change({EVERYTHING})
    return names


def _message(
    recipient: WebhookRecipient, changes: list[PublicChange], now: datetime
) -> WebhookMessage:
    return WebhookMessage(
        recipient=recipient,
        message_id=f"msg_{secrets.token_hex(16)}",
        first=changes[0].number if changes else None,
        last=changes[-1].number if changes else None,
        created_at=now,
        due_at=now,
    )


def _everything(newest: PublicState, now: datetime) -> PublicChange:
    """Return the change that says that everything may have changed, for what is not known one by one any more."""
    return PublicChange(
        number=newest.number,
        stamp=newest.stamp,
        kind=PublicKind.BUMPED,
        tags=[EVERYTHING],
        changed_at=now,
    )


def _json(value: object) -> str:
    return JSONRenderer().render(value).decode()
