"""Does what is due: each object in one transaction with its rows in the change log, and once, whoever else does so.

Whoever does it holds the row of the object first, as an editor does who publishes it: two such transactions wait for
each other in the same order. What another one holds is left to it; the next round sees what became of it.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone
from wagtail.models import Revision

from frontend_api.changes.transaction import transaction

from . import failures
from .due import Act, Due, due

logger = logging.getLogger(__name__)


def do_due(*, seconds: float | None = None, rest: bool = True) -> list[str]:
    """Do what is due, the oldest first, and return what failed, such as `Annual report is published`.

    It begins with nothing new after `seconds`. What failed a moment ago rests, unless `rest` is false.
    """
    began, now = time.monotonic(), timezone.now()
    items = due(now)
    failed_before = failures.of(items)
    failed = []
    for item in items:
        if seconds is not None and time.monotonic() - began > seconds:
            break
        before = failed_before.get(item.key)
        if rest and before is not None and before.next_attempt_at > now:
            continue
        if not _done(item, before is not None):
            failed.append(str(item))
    return failed


def _done(item: Due, has_failed: bool) -> bool:
    """Do one thing, and return whether nothing went wrong: it may have been done by another, or taken back."""
    try:
        with transaction():
            is_mine = _is_still_due(item)
            if is_mine:
                _ACTS[item.act](item)
    except Exception as error:
        # Whatever is wrong with this object, the others are still due.
        logger.exception("Scheduled, and not done: %s.", item)
        failures.note(item, error)
        return False
    if is_mine and has_failed:
        failures.forget(item)
    return True


def _is_still_due(item: Due) -> bool:
    """Hold the row of the object until the end of the transaction, and return whether there is something to do."""
    rows: Any = item.model._base_manager.filter(pk=item.object_id)
    if connection.features.has_select_for_update_skip_locked:
        held = rows.select_for_update(skip_locked=True, of=("self",)).order_by().first()
    else:
        # The first write of a transaction holds the database, whatever mode it began in.
        rows.update(live=F("live"))
        held = rows.first()
    if held is None:
        return False
    if item.act is Act.EXPIRE:
        return bool(held.live and held.expire_at and held.expire_at <= timezone.now())
    approved = Revision.objects.filter(pk=item.revision, approved_go_live_at__lte=timezone.now())
    return bool(approved.exists())


def _publish(item: Due) -> None:
    Revision.objects.get(pk=item.revision).publish(log_action="wagtail.publish.scheduled")


def _expire(item: Due) -> None:
    expired: Any = item.model._default_manager.get(pk=item.object_id)
    expired.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


_ACTS: dict[Act, Callable[[Due], None]] = {Act.PUBLISH: _publish, Act.EXPIRE: _expire}
