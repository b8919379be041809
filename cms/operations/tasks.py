"""Tasks have the id and the trace of the request that asked for them, wherever and whenever a worker runs them.

{"time": "2026-11-24T20:01:05.114Z", "level": "info", "logger": "django_tasks", "id": "5f3a91c2d4e60718-1c",
 "message": "Task id=… path=frontend_api.images.tasks.make_renditions state=SUCCESSFUL"}
"""

from contextlib import ExitStack
from contextvars import ContextVar
from typing import Any

from django.dispatch import receiver
from django_tasks.base import TaskResultStatus
from django_tasks.signals import task_enqueued, task_finished, task_started

from cms.background.backend import QueueBackend
from cms.background.models import TaskOrigin

from . import tracing
from .observed import current

_running: ContextVar[ExitStack | None] = ContextVar("running", default=None)
"""What ends with the task that this thread runs."""


@receiver(task_enqueued)
def note_origin(sender: Any, task_result: Any, **kwargs: Any) -> None:
    """Keep with a task which request asked for it."""
    observed = current.get()
    if observed is None or not _is_ours(sender):
        return
    TaskOrigin.objects.create(
        task_id=task_result.id,
        request_id=observed["request_id"],
        traceparent=tracing.traceparent(),
    )


@receiver(task_started)
def begin(sender: Any, task_result: Any, **kwargs: Any) -> None:
    """Go on with the id and the trace of that request."""
    if not _is_ours(sender):
        return
    origin = TaskOrigin.objects.filter(pk=task_result.id).first()
    running = ExitStack()
    if origin is not None:
        token = current.set({"request_id": origin.request_id, "queries": 0})
        running.callback(current.reset, token)
    path = task_result.task.module_path
    running.enter_context(tracing.task_span(path, origin.traceparent if origin else ""))
    _running.set(running)


@receiver(task_finished)
def end(sender: Any, task_result: Any, **kwargs: Any) -> None:
    """Leave them, once it was logged how the task ended."""
    running = _running.get()
    if running is None:
        return
    _running.set(None)
    # One that failed may wait for its next attempt already.
    tracing.task_ended(is_well=task_result.status == TaskResultStatus.SUCCESSFUL)
    running.close()


def _is_ours(sender: Any) -> bool:
    """Return whether a task is in the database; of a task that begins, the sender is a backend and not its class."""
    return issubclass(sender if isinstance(sender, type) else type(sender), QueueBackend)
