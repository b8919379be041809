"""Wagtail's search in the database, with a change in the log for each change of its index.

The index is written by a task of its own, perhaps by another process, after a page is saved; and a ranking may depend
on every text in the index, that of drafts too. So the index tells of its changes itself. The settings name it::

    WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "frontend_api.changes.search_index"}}
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.search.backends import database
from wagtail.search.models import IndexEntry

from .models import Kind
from .recording import Made, record, recording
from .tags import SEARCH


def SearchBackend(parameters: dict[str, Any]) -> Any:
    """Return the backend that goes with the database."""
    backend: Any = database.SearchBackend(parameters)
    base: Any = backend.index_class

    class RecordedIndex(base):
        """Writes as its base does."""

        def add_item(self, obj: Any) -> None:
            """Add or update one object."""
            _record([obj], lambda: super(RecordedIndex, self).add_item(obj))

        def add_items(self, model: Any, objs: Any) -> None:
            """Add or update objects."""
            objs = list(objs)
            _record(objs, lambda: super(RecordedIndex, self).add_items(model, objs))

        def delete_item(self, item: Any) -> None:
            """Remove an object."""
            _record([item], lambda: super(RecordedIndex, self).delete_item(item))

        def delete_stale_entries(self) -> None:
            """Remove what is left of objects that are gone."""
            with recording():
                super().delete_stale_entries()
                record(Made(Kind.SEARCH, tags={SEARCH}))

        def reset(self) -> None:
            """Remove everything."""
            with recording():
                super().reset()
                record(Made(Kind.SEARCH, tags={SEARCH}))

    backend.index_class = RecordedIndex
    return backend


def _record(objects: Iterable[Any], write: Callable[[], Any]) -> None:
    with recording():
        before = _entries(objects)
        write()
        if _entries(objects) != before:
            record(Made(Kind.SEARCH, tags={SEARCH}))


def _entries(objects: Iterable[Any]) -> list[Any]:
    """Return what the index has of objects; saving a draft writes it anew as it was."""
    keys: dict[Any, list[str]] = {}
    for obj in objects:
        keys.setdefault(type(obj), []).append(str(obj.pk))
    found: list[Any] = []
    for model, of_model in keys.items():
        types = ContentType.objects.get_for_models(*_chain(model)).values()
        entries = IndexEntry.objects.filter(content_type__in=list(types), object_id__in=of_model)
        found += entries.order_by("pk").values_list()
    return found


def _chain(model: Any) -> list[Any]:
    return [model, *model._meta.get_parent_list()]
