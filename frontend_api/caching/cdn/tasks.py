"""When caches in front are purged: once a change is committed, by a worker or by the process that made it."""

import logging
from typing import Any

from django.dispatch import receiver
from django_tasks import task

from frontend_api.changes.writing import changes_committed

from .purger import purge
from .targets import configured

logger = logging.getLogger("frontend_api.purging.tasks")

# For so many seconds an editor may wait where there is no worker.
PATIENCE = 4


@task()
def purge_caches() -> None:
    """Purge every cache of what has changed."""
    purge(PATIENCE)


@receiver(changes_committed)
def purge_after_commit(**kwargs: Any) -> None:
    """Have the caches purged; what fails is done later, and fails nobody's request."""
    if not configured():
        return
    try:
        purge_caches.enqueue()
    except Exception:
        # A queue may be anywhere, and have errors of its own.
        logger.exception("Purging could not be handed to a worker; `purge_cdn` does it.")
