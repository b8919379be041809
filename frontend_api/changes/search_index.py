"""Wagtail's search in the database, with a change in the log for each change of its index.

The index is written by a task of its own, perhaps by another process, after a page is saved; and a ranking may depend
on every text in the index, that of drafts too. So the index tells of its changes itself. And it is written at the end
of the transaction: one text changes the weights of many, so that two editors who publish at once would wait for each
other without end. The settings name it::

    WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "frontend_api.changes.search_index"}}
"""

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.search.backends import database
from wagtail.search.models import IndexEntry

from .models import Kind
from .recording import Made, at_the_end, record
from .tags import SEARCH


def SearchBackend(parameters: dict[str, Any]) -> Any:
    """Return the backend that goes with the database."""
    backend: Any = database.SearchBackend(parameters)
    base: Any = backend.index_class

    class RecordedIndex(base):
        """Writes as its base does."""

        def add_items(self, model: Any, objs: Any) -> None:
            """Add or update objects."""
            objs = list(objs)
            at_the_end(
                _key(objs[0]) if len(objs) == 1 else object(),
                lambda: _record(objs, lambda: super(RecordedIndex, self).add_items(model, objs)),
            )

        def delete_item(self, item: Any) -> None:
            """Remove an object."""
            # What is deleted loses its id.
            gone = copy(item)
            at_the_end(
                _key(gone),
                lambda: _record([gone], lambda: super(RecordedIndex, self).delete_item(gone)),
            )

        def delete_stale_entries(self) -> None:
            """Remove what is left of objects that are gone."""
            at_the_end(object(), lambda: _tell(super(RecordedIndex, self).delete_stale_entries))

        def reset(self) -> None:
            """Remove everything."""
            at_the_end(object(), lambda: _tell(super(RecordedIndex, self).reset))

    backend.index_class = RecordedIndex
    return backend


def _key(obj: Any) -> tuple[str, str]:
    return obj._meta.label, str(obj.pk)


def _record(objects: Iterable[Any], write: Callable[[], Any]) -> None:
    before = _entries(objects)
    write()
    if _entries(objects) != before:
        record(Made(Kind.SEARCH, tags={SEARCH}))


def _tell(write: Callable[[], Any]) -> None:
    write()
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
