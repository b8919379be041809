"""What is due: approved revisions whose time has come, and what is live past its expiry."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import DraftStateMixin, Revision

from frontend_api.introspection import has_drafts

from .models import Act

__all__ = ["Act", "Due", "due", "models_with_expiry"]


@dataclass(frozen=True)
class Due:
    """Something that is to be done with one object."""

    act: Act
    model: type[Model]
    """The model whose table says whether the object is live: `Page` for every page."""
    content_type: int
    """The id of the type by which revisions name the object's base."""
    object_id: str
    at: datetime
    title: str
    revision: int | None = None
    """The id of what is published."""

    @property
    def key(self) -> tuple[str, int, str]:
        """What a failure is found by."""
        return self.act.value, self.content_type, self.object_id

    def __str__(self) -> str:
        return f"{self.title} {'is published' if self.act is Act.PUBLISH else 'expires'}"


def due(now: datetime) -> list[Due]:
    """Return what is due at `now`, the oldest first; of one moment, what ends before what begins."""
    found = [*_expired(now), *_approved(now)]
    return sorted(found, key=lambda one: (one.at, one.act is Act.PUBLISH, one.revision or 0))


def models_with_expiry() -> list[type[Model]]:
    """Return the models with drafts, without those whose objects a parent finds, as `Page` finds all pages."""
    return [model for model in apps.get_models() if has_drafts(model) and table_of(model) is model]


def table_of(model: type[Model]) -> type[Model]:
    """Return the model whose table says whether objects of `model` are live."""
    parents = [parent for parent in model._meta.get_parent_list() if has_drafts(parent)]
    return parents[-1] if parents else model


def base_type(model: type[Model]) -> ContentType:
    """Return the type by which revisions name the base of objects of `model`."""
    parents = model._meta.get_parent_list()
    return ContentType.objects.get_for_model(
        parents[-1] if parents else model, for_concrete_model=False
    )


def _expired(now: datetime) -> Iterator[Due]:
    for model in models_with_expiry():
        objects: Any = model._default_manager.filter(live=True, expire_at__lte=now)
        for one in objects:
            yield Due(Act.EXPIRE, model, base_type(model).pk, str(one.pk), one.expire_at, str(one))


def _approved(now: datetime) -> Iterator[Due]:
    # The content of a page may be large, and is read when it is published.
    rows = Revision.objects.filter(approved_go_live_at__lte=now).values_list(
        "pk", "content_type_id", "base_content_type_id", "object_id", "approved_go_live_at",
        "object_str",
    )  # fmt: skip
    for pk, type_id, base_type_id, object_id, at, title in rows:
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model is None or not issubclass(model, DraftStateMixin):
            # The revision of a model that the project has no more.
            continue
        yield Due(Act.PUBLISH, table_of(model), base_type_id, object_id, at, title, pk)
