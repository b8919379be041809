"""Wagtail's database search backend, which also logs every change to its index.

A ranking may depend on every text in the index, including drafts, and one text changes the weights of many entries. So
the index logs its own changes, and it is written in transactions of its own: otherwise two editors who publish at once
could deadlock, and everyone would wait for a script that changes a thousand pages. A transaction notes which objects it
has changed, and they are indexed once it is committed; what a crash leaves behind is indexed after the next commit.

To use it, name this module in the settings::

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
from .search_text import indexed_composed
from .tags import SEARCH
from .transaction import after_commit, log, transaction
from .writing import PendingChange

logger = logging.getLogger("frontend_api.changes.search_index")

# By this a check knows a module whose backend logs its changes; one that is built on this backend says so, too.
LOGS_ITS_INDEX = True
# How many objects are indexed in one transaction; every other transaction that indexes something waits for it.
AT_ONCE = 100
# How long a publisher waits while another transaction writes the index; after that, the next publisher writes it.
PATIENCE = "2s"
# The prefix of PostgreSQL's `sqlstate` codes for something that is too large or too complex.
PROGRAM_LIMITS = "54"
# The key of the PostgreSQL advisory lock that a transaction which writes the index holds until it ends.
LOCK = 0x5EA7C4


def logs_its_index(backend: Any) -> bool:
    """Return whether a search backend is one of this module, whose index logs its changes."""
    return hasattr(getattr(backend, "index_class", None), "write_deleted")


def SearchBackend(parameters: dict[str, Any]) -> Any:  # noqa: C901 - it contains a class.
    """Return Wagtail's backend for the database in use, with an index that logs its changes."""
    # Rebuilding the index in one transaction would keep everyone from publishing until it is done.
    backend: Any = database.SearchBackend({**parameters, "ATOMIC_REBUILD": False})
    base: Any = backend.index_class

    class RecordedIndex(base):
        """Writes entries as its base does, and logs what changes."""

        def add_items(self, model: Any, objs: Any) -> None:
            """Add or update objects; inside a transaction, after its commit."""
            objs = list(objs)
            if unit_of_work.current() is None:
                for start in range(0, len(objs), AT_ONCE):
                    self.write(model, objs[start : start + AT_ONCE])
            else:
                self._note_down(objs)

        def add_item(self, item: Any) -> None:
            """Add or update a saved object after the commit."""
            with transaction():
                self._note_down([item])

        def delete_item(self, item: Any) -> None:
            """Remove an object that is being deleted."""
            with transaction():
                # Django deletes its entries along with it, which changes the weights of all others at once.
                log(_change(type(item)))
                self._note_down([item])

        def _note_down(self, objs: list[Any]) -> None:
            UnindexedObject.objects.bulk_create(
                UnindexedObject(model=obj._meta.label_lower, object_id=str(obj.pk)) for obj in objs
            )
            after_commit(write_what_is_behind, lambda: write_what_is_behind(self))

        def write(self, model: Any, objs: list[Any]) -> None:
            """Write the entries of a few objects of one model."""
            with _written(model, [str(obj.pk) for obj in objs]), indexed_composed(objs):
                super().add_items(model, objs)

        def write_deleted(self, model: Any, key: str) -> None:
            """Remove the entries of an object that may no longer exist."""
            with _written(model, [key]):
                # A stand-in, because the object itself is gone or about to lose its id.
                super().delete_item(model(pk=key))

        def delete_stale_entries(self) -> None:
            """Remove the entries of objects that no longer exist."""
            with _rewritten():
                super().delete_stale_entries()

        def reset(self) -> None:
            """Remove all entries."""
            with _rewritten():
                super().reset()

    backend.index_class = RecordedIndex
    if backend.rebuilder_class is not None:
        backend.rebuilder_class = _recorded_rebuilder(backend.rebuilder_class)
    return backend


def _recorded_rebuilder(base: Any) -> Any:
    class RecordedRebuilder(base):
        """Rebuilds the index as its base does, and logs that."""

        def finish(self) -> None:
            """Recalculate the weights of all entries, by which searches rank."""
            with _rewritten():
                super().finish()

    return RecordedRebuilder


def write_what_is_behind(index: Any) -> None:
    """Write the entries of all objects in `UnindexedObject`, `AT_ONCE` of them in each transaction.

    A database error is logged, and the remaining objects are left for the next time.
    """
    try:
        while _write_some(index):
            pass
    except Error:
        # This must not fail a publish: the page is public, whether or not a search finds it.
        logger.exception(
            "The search index is behind; who publishes next, or publish_scheduled, writes it."
        )


def catch_up() -> None:
    """Index what a crash has left behind, if the settings name this backend."""
    for backend in get_search_backends():
        if logs_its_index(backend):
            write_what_is_behind(backend.get_index_for_model(IndexEntry))


def _write_some(index: Any) -> bool:
    """Write the entries of up to `AT_ONCE` noted objects, and return whether there may be more."""
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
        # The model has since been removed from the code; `update_index` removes its entries.
        return
    objs = list(model.get_indexed_objects().filter(pk__in=keys))
    _each_if_not_all(partial(index.write, model), objs)
    for key in keys - {str(obj.pk) for obj in objs}:
        index.write_deleted(model, key)


def _each_if_not_all(write: Callable[[list[Any]], None], objs: list[Any]) -> None:
    """Write objects together; if that fails, write each by itself, and log those that cannot be indexed.

    An error of the database itself is raised.
    """
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
    """Return whether the database itself is in trouble, rather than refusing an object."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    # An object may exceed a limit of PostgreSQL, such as the length of an indexed text.
    return not str(getattr(error.__cause__, "sqlstate", "")).startswith(PROGRAM_LIMITS)


def _lock(patience: str = "") -> None:
    """Keep other transactions from writing the index until this one ends.

    Each would update the weights of entries that the others write, and they could deadlock. SQLite allows only one
    writing transaction at a time anyway. `patience` is how long to wait, as a PostgreSQL `lock_timeout` such as `2s`.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            if patience:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [patience])
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@contextmanager
def _written(model: Any, keys: list[str]) -> Iterator[None]:
    """Log a change if the block changes the index; saving a draft may rewrite an entry just as it was."""
    with transaction():
        _lock()
        types = ContentType.objects.get_for_models(model, *model._meta.get_parent_list()).values()
        own = IndexEntry.objects.filter(content_type__in=list(types), object_id__in=keys)
        before = list(own.order_by("pk").values_list())
        # Every write recalculates the weights that are exactly 1, which is the weight of a new entry.
        others = set(IndexEntry.objects.filter(title_norm=1.0).values_list("pk", flat=True))
        yield
        others -= set(own.values_list("pk", flat=True))
        changed = IndexEntry.objects.filter(pk__in=others).exclude(title_norm=1.0)
        if list(own.order_by("pk").values_list()) != before or changed.exists():
            log(_change(model))


def _change(model: Any) -> PendingChange:
    return PendingChange(Kind.SEARCH, object_type=model._meta.label_lower, tags={SEARCH})


@contextmanager
def _rewritten() -> Iterator[None]:
    """Log that the whole index may have changed."""
    with transaction():
        _lock()
        yield
        log(PendingChange(Kind.SEARCH, tags={SEARCH}))
