"""Wagtail's search in the database, with a change in the log for each change of its index.

A ranking may depend on every text in the index, that of drafts too, and one text changes the weights of many. So the
index tells of its changes itself, and it is written in transactions of its own: two editors who publish at once would
wait for each other without end, and everybody for a program that changes a thousand pages. What a transaction has
changed is noted down in it, and indexed once it is committed; what a crash leaves behind, the next one indexes.

The settings name it::

    WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "frontend_api.changes.search_backend"}}
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import Error, InterfaceError, OperationalError, connection
from wagtail.search.backends import database, get_search_backends
from wagtail.search.models import IndexEntry

from . import unit_of_work
from .models import Kind, UnindexedObject
from .tags import SEARCH
from .transaction import after_commit, log, transaction
from .writing import PendingChange

logger = logging.getLogger("frontend_api.changes.search_index")

# How many objects are indexed in one transaction, for which all others that index something wait.
AT_ONCE = 100
# For how long whoever has published waits while somebody else writes the index; the next one writes it then.
PATIENCE = "2s"
# With these begins what PostgreSQL says where something is too large or too complex for it.
PROGRAM_LIMITS = "54"
# The number by which PostgreSQL knows the lock that whoever writes the index holds until the end of its transaction.
LOCK = 0x5EA7C4


def SearchBackend(parameters: dict[str, Any]) -> Any:  # noqa: C901 - it holds a class.
    """Return the backend that goes with the database."""
    # To build the index anew in one transaction would keep everybody from publishing for as long as that takes.
    backend: Any = database.SearchBackend({**parameters, "ATOMIC_REBUILD": False})
    base: Any = backend.index_class

    class RecordedIndex(base):
        """Writes as its base does."""

        def add_items(self, model: Any, objs: Any) -> None:
            """Add or update objects."""
            objs = list(objs)
            if unit_of_work.current() is None:
                for start in range(0, len(objs), AT_ONCE):
                    self.write(model, objs[start : start + AT_ONCE])
            else:
                self._note_down(objs)

        def add_item(self, item: Any) -> None:
            """Add or update an object that was saved."""
            with transaction():
                self._note_down([item])

        def delete_item(self, item: Any) -> None:
            """Remove an object that is deleted."""
            with transaction():
                # Django deletes its entries with it, and the weights of all others change at once.
                log(PendingChange(Kind.SEARCH, tags={SEARCH}))
                self._note_down([item])

        def _note_down(self, objs: list[Any]) -> None:
            UnindexedObject.objects.bulk_create(
                UnindexedObject(model=obj._meta.label_lower, object_id=str(obj.pk)) for obj in objs
            )
            after_commit(write_what_is_behind, lambda: write_what_is_behind(self))

        def write(self, model: Any, objs: list[Any]) -> None:
            """Write the entries of a few objects of one model."""
            with _written(model, [str(obj.pk) for obj in objs]):
                super().add_items(model, objs)

        def write_deleted(self, model: Any, key: str) -> None:
            """Remove the entries of an object that may be gone."""
            with _written(model, [key]):
                # The object itself is gone, or about to lose its id.
                super().delete_item(model(pk=key))

        def delete_stale_entries(self) -> None:
            """Remove what is left of objects that are gone."""
            with _rewritten():
                super().delete_stale_entries()

        def reset(self) -> None:
            """Remove everything."""
            with _rewritten():
                super().reset()

    backend.index_class = RecordedIndex
    if backend.rebuilder_class is not None:
        backend.rebuilder_class = _recorded_rebuilder(backend.rebuilder_class)
    return backend


def _recorded_rebuilder(base: Any) -> Any:
    class RecordedRebuilder(base):
        """Builds the index anew as its base does."""

        def finish(self) -> None:
            """Work out the weights of all entries, by which searches rank."""
            with _rewritten():
                super().finish()

    return RecordedRebuilder


def write_what_is_behind(index: Any) -> None:
    """Write the entries of all objects that are noted down, a few in each transaction; they wait if that fails."""
    try:
        while _write_some(index):
            pass
    except Error:
        # What was published is public, whether a search finds it or not.
        logger.exception(
            "The search index is behind; who publishes next, or publish_scheduled, writes it."
        )


def catch_up() -> None:
    """Write what a crash has left behind, if the settings name this backend."""
    for backend in get_search_backends():
        if hasattr(backend.index_class, "write_deleted"):
            write_what_is_behind(backend.get_index_for_model(IndexEntry))


def _write_some(index: Any) -> bool:
    """Write a few entries, and tell whether there may be more to write."""
    with transaction():
        _lock(PATIENCE)
        rows = list(UnindexedObject.objects.order_by("pk")[:AT_ONCE])
        if not rows:
            return False
        keys: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            keys[row.model].add(row.object_id)
        for label, of_model in keys.items():
            try:
                with transaction():
                    _write_objects(index, label, of_model)
            except Exception as error:
                if _is_of_database(error):
                    raise
                logger.exception("%s of %s cannot be indexed.", sorted(of_model), label)
        UnindexedObject.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows) == AT_ONCE


def _write_objects(index: Any, label: str, keys: set[str]) -> None:
    try:
        model: Any = apps.get_model(label)
    except LookupError:
        # It was taken out of the code since, and `update_index` removes what is left of it.
        return
    objs = list(model.get_indexed_objects().filter(pk__in=keys))
    _each_if_not_all(partial(index.write, model), objs)
    for key in keys - {str(obj.pk) for obj in objs}:
        index.write_deleted(model, key)


def _each_if_not_all(write: Callable[[list[Any]], None], objs: list[Any]) -> None:
    """Write objects together; where one of them cannot be indexed, log that and write the others."""
    try:
        with transaction():
            write(objs)
    except Exception as error:
        if _is_of_database(error):
            raise
        if len(objs) > 1:
            for obj in objs:
                _each_if_not_all(write, [obj])
        else:
            logger.exception("%r cannot be indexed; searches find what it was before.", objs[0])


def _is_of_database(error: Exception) -> bool:
    """Tell whether it is the database that is in trouble, and not an object that it refuses."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    # PostgreSQL has limits, such as to how long a text is that it indexes.
    return not str(getattr(error.__cause__, "sqlstate", "")).startswith(PROGRAM_LIMITS)


def _lock(patience: str = "") -> None:
    """Keep other transactions from writing the index until this one ends.

    Each would write the weights of what the others write, and they would wait for each other without end. SQLite lets
    one transaction write at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            if patience:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [patience])
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@contextmanager
def _written(model: Any, keys: list[str]) -> Iterator[None]:
    """Log a change if what is done here changes the index; saving a draft writes an entry anew as it was."""
    with transaction():
        _lock()
        types = ContentType.objects.get_for_models(model, *model._meta.get_parent_list()).values()
        own = IndexEntry.objects.filter(content_type__in=list(types), object_id__in=keys)
        before = list(own.order_by("pk").values_list())
        # An entry whose weight is exactly 1, which is that of a new one, is weighed again whenever anything is written.
        others = set(IndexEntry.objects.filter(title_norm=1.0).values_list("pk", flat=True))
        yield
        others -= set(own.values_list("pk", flat=True))
        changed = IndexEntry.objects.filter(pk__in=others).exclude(title_norm=1.0)
        if list(own.order_by("pk").values_list()) != before or changed.exists():
            log(PendingChange(Kind.SEARCH, tags={SEARCH}))


@contextmanager
def _rewritten() -> Iterator[None]:
    """Log that all of the index may have changed."""
    with transaction():
        _lock()
        yield
        log(PendingChange(Kind.SEARCH, tags={SEARCH}))
