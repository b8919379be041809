"""Hands tasks to whichever backend of django-tasks the project uses, so that none runs within a transaction."""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django_tasks import task_backends
from django_tasks.base import DEFAULT_TASK_PRIORITY, Task

from frontend_api import conf

logger = logging.getLogger("frontend_api.tasks")

# Of tasks that wait, those with the highest number begin first, in a backend that knows priorities.
SOONEST, SOON, LATE = 80, 40, -40


def enqueue(task: "Task[Any, Any]", *args: Any, priority: int = SOON) -> None:
    """Have a task run once the current transaction is committed, or at once outside of one.

    A backend that stores tasks in the same database may say so with `is_transactional = True`. It gets the task
    right away, so that not even a crash comes between the commit and the task. A task may run late, and more than
    once. Where the queue cannot be reached, that is an error in the log: what is saved is saved.
    """
    if getattr(task_backends[conf.tasks_alias()], "is_transactional", False):
        hand_over(task, *args, priority=priority)
    else:
        transaction.on_commit(partial(_try_to_hand_over, task, *args, priority=priority))


def hand_over(task: "Task[Any, Any]", *args: Any, priority: int = SOON) -> None:
    """Give a task to the backend now; raises whatever that raises."""
    alias = conf.tasks_alias()
    if not task_backends[alias].supports_priority:
        priority = DEFAULT_TASK_PRIORITY
    task.using(backend=alias, priority=priority).enqueue(*args)


def _try_to_hand_over(task: "Task[Any, Any]", *args: Any, priority: int) -> None:
    try:
        hand_over(task, *args, priority=priority)
    except Exception:
        # Each queue has its own errors.
        logger.exception("%s could not be handed to a worker.", task.module_path)
