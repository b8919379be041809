"""The backend for Wagtail's own tasks: they are done at once, and objects are indexed once in each transaction.

Saving a page saves its children, and publishing it saves it again. Each time Wagtail would index all references of the
page anew, which is half of the time that publishing takes, and read it once more for the search.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django_tasks import task_backends
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id
from modelcluster.fields import ParentalKey

# The task in `wagtail.tasks`, which asks for this backend while it is imported.
REFERENCES = "wagtail.tasks.update_reference_index_task"
# The task of the library with Wagtail's search.
SEARCH = "modelsearch.tasks.insert_or_update_object_task"

Named = tuple[str, str, str]
"""An object by its app, its model and its key."""


class IndexesOnceBackend(ImmediateBackend):
    """Runs tasks at once, but the indexing of an object in the last moment of the transaction."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Run a task, or arrange for it, and return what came of it so far."""
        if task.module_path not in {REFERENCES, SEARCH} or kwargs:
            return self.run(task, args, kwargs)
        # Wagtail's start-up asks for this backend before there are models.
        from frontend_api.changes.transaction import before_commit

        before_commit(_index, (self.alias, task, *args))
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )

    def run(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Run a task now."""
        return super().enqueue(task, args, kwargs)


def _index(asked: list[tuple[str, Any, str, str, str]]) -> None:
    """Index objects, those that still are there, for each task that was asked to."""
    of_task: dict[tuple[str, Any], list[Named]] = defaultdict(list)
    for alias, task, *named in asked:
        of_task[alias, task].append((named[0], named[1], named[2]))
    for (alias, task), objects in of_task.items():
        backend: Any = task_backends[alias]
        for one in _wholes(objects) if task.module_path == REFERENCES else objects:
            app_label, model_name, key = one
            model: Any = apps.get_model(app_label, model_name)
            if model._base_manager.filter(pk=key).exists():
                backend.run(task, one, {})


def _wholes(objects: Iterable[Named]) -> list[Named]:
    """Return what objects are children of, whose references include theirs, or the objects themselves."""
    wholes: dict[Named, None] = {}
    of_model: dict[tuple[str, str], list[str]] = defaultdict(list)
    for app_label, model_name, key in objects:
        of_model[app_label, model_name].append(key)
    for (app_label, model_name), keys in of_model.items():
        model: Any = apps.get_model(app_label, model_name)
        parents = [field for field in model._meta.get_fields() if isinstance(field, ParentalKey)]
        if not parents:
            wholes |= dict.fromkeys((app_label, model_name, key) for key in keys)
            continue
        meta = parents[0].related_model._meta
        rows = model._base_manager.filter(pk__in=keys).values_list(parents[0].attname, flat=True)
        above = {str(key) for key in rows if key is not None}
        wholes |= dict.fromkeys(
            _wholes((meta.app_label, meta.model_name, key) for key in sorted(above))
        )
    return [*wholes]
