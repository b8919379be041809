"""Notes what a request publishes or submits, by whatever way: a form, an approval, a bulk action."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.models import Revision
from wagtail.signals import published, task_submitted

PUBLISH, SUBMIT = "publish", "submit"


class Done(NamedTuple):
    """Something that was published or submitted, as the draft it was."""

    action: str
    object: Any


_done: ContextVar[list[Done] | None] = ContextVar("publish_with", default=None)


@contextmanager
def watching() -> Iterator[list[Done]]:
    """Yield the list to which all that happens meanwhile is added."""
    done: list[Done] = []
    token = _done.set(done)
    try:
        yield done
    finally:
        _done.reset(token)


@receiver(published)
def note_published(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Note what has been published, if somebody wants to know."""
    done = _done.get()
    if done is not None:
        done.append(Done(PUBLISH, instance))


@receiver(post_save, sender=Revision)
def note_scheduled(sender: Any, instance: Revision, update_fields: Any, **kwargs: Any) -> None:
    """Note what has been scheduled, for which Wagtail sends no signal of its own."""
    done = _done.get()
    if (
        done is not None
        and instance.approved_go_live_at
        and "approved_go_live_at" in (update_fields or ())
    ):
        done.append(Done(PUBLISH, instance.as_object()))


@receiver(task_submitted)
def note_submitted(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Note what has been submitted to a task of its workflow."""
    done = _done.get()
    if done is not None:
        done.append(Done(SUBMIT, instance.revision.as_object()))
