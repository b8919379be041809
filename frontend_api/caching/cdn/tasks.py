"""Purges the caches in front once a change is committed, in a worker or in the process that made the change."""

import logging
from typing import Any

from django.dispatch import receiver
from django_tasks import task

from frontend_api.changes.enqueueing import SOONEST, hand_over
from frontend_api.changes.writing import changes_committed

from .purger import purge
from .targets import configured

logger = logging.getLogger("frontend_api.purging.tasks")

# In seconds: how long an editor may wait where tasks are run at once.
PATIENCE = 4


@task()
def purge_caches() -> None:
    """Purge every cache in front of what has changed."""
    purge(PATIENCE)


@receiver(changes_committed)
def purge_after_commit(**kwargs: Any) -> None:
    """Enqueue the purge; if that fails, the request does not, and the purge is done later."""
    if not configured():
        return
    try:
        hand_over(purge_caches, priority=SOONEST)
    except Exception:
        # Each queue has its own errors.
        logger.exception("Purging could not be handed to a worker; `purge_cdn` does it.")
