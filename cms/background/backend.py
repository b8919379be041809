"""The backend for the setting `TASKS`: tasks become part of the transaction that asks for them, each only once."""

from typing import Any

from django.db import transaction
from django_tasks.utils import normalize_json
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import get_date_max

from . import standby
from .models import READY, QueuedTask


class QueueBackend(DatabaseBackend):
    """Keeps tasks in the database of the content, so that both are committed, or neither.

    A task equal to one that waits already is not kept: that one will do.
    """

    is_transactional = True
    """That a task may be handed over before the commit; `frontend_api.changes.enqueueing` asks."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Keep a task, and return it, or the equal one that waits."""
        waiting = self._waiting(task, args, kwargs)
        result = super().enqueue(task, args, kwargs) if waiting is None else waiting.task_result
        transaction.on_commit(standby.wake)
        return result

    def _waiting(self, task: Any, args: Any, kwargs: Any) -> QueuedTask | None:
        equal = QueuedTask.objects.filter(
            status=READY,
            backend_name=self.alias,
            task_path=task.module_path,
            queue_name=task.queue_name,
            args_kwargs=normalize_json({"args": args, "kwargs": kwargs}),
        )
        if transaction.get_connection().in_atomic_block:
            # A worker that began with it now would not see what this transaction changes, so it is held back until
            # the commit. One that another transaction holds may be about to begin, and does not count.
            equal = equal.select_for_update(skip_locked=True)
        found: Any = equal.first()
        if found is not None and found.run_after != (task.run_after or get_date_max()):
            # It failed and rests, or is for later: what is asked for now is not to wait for that.
            found.run_after = min(found.run_after, task.run_after or found.enqueued_at)
            found.save(update_fields=["run_after"])
        return found
