"""The backend for Wagtail's own tasks: they are done at once, and references are indexed once in each transaction.

Saving a page saves its children, and publishing it saves it again. Each time Wagtail would index all references of the
page anew, which is half of the time that publishing takes.
"""

from typing import Any

from django.apps import apps
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id
from modelcluster.fields import ParentalKey

# The task in `wagtail.tasks`, which asks for this backend while it is imported.
INDEXING = "wagtail.tasks.update_reference_index_task"


class ReferencesOnceBackend(ImmediateBackend):
    """Runs tasks at once, but the indexing of an object's references in the last moment of the transaction."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Run a task, or arrange for it, and return what came of it so far."""
        if task.module_path != INDEXING or kwargs:
            return super().enqueue(task, args, kwargs)
        # Wagtail's start-up asks for this backend before there are models.
        from frontend_api.changes.transaction import before_commit

        app_label, model_name, key = _whole(*args)

        def index() -> None:
            # It may have been deleted since.
            model = apps.get_model(app_label, model_name)
            if model._base_manager.filter(pk=key).exists():
                super(ReferencesOnceBackend, self).enqueue(task, (app_label, model_name, key), {})

        before_commit(("references", app_label, model_name, key), index)
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


def _whole(app_label: str, model_name: str, key: str) -> tuple[str, str, str]:
    """Return what an object is a child of, whose references include its own, or the object itself."""
    model: Any = apps.get_model(app_label, model_name)
    parents = [field for field in model._meta.get_fields() if isinstance(field, ParentalKey)]
    if not parents:
        return app_label, model_name, key
    parent = parents[0]
    found = model._base_manager.filter(pk=key).values_list(parent.attname, flat=True).first()
    if found is None:
        return app_label, model_name, key
    meta = parent.related_model._meta
    return _whole(meta.app_label, meta.model_name, str(found))
