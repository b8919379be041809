"""Records what a response depends on while it is rendered.

Code that reads for a response reports what it reads: what fetches objects by key names those objects, and a listing
depends on the columns that its query compares and orders by. A query that no code accounts for makes the response
depend on all tables that it reads. So code that knows nothing of caching, such as a property of a content type, never
gives stale output.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Model
from django.dispatch import receiver

from frontend_api.changes import versions
from frontend_api.changes.logged_models import is_logged
from frontend_api.changes.tags import branch_tags, object_tag, tables_beside
from frontend_api.introspection import Page

from . import sql_analysis

# The key in the request's environment under which the view stores its `Dependencies` if the response may be cached.
ENVIRON = "frontend_api.dependencies"

_current: ContextVar["Dependencies | None"] = ContextVar("dependencies", default=None)


class Dependencies:
    """What one response depends on, how long it holds, and why it must not be cached, if so."""

    def __init__(self) -> None:
        self.tags: set[str] = set()
        self.until: datetime | None = None
        """The first moment at which rendering it again may give another result without any change; None for never."""
        self.uncacheable: str | None = None
        """Why the response must not be cached, or None."""
        self.knows_absence = False
        """Whether they include what would make something appear that is not there, so that a 404 may be kept, too."""
        self.ignores_language = False
        """Whether it is the same whatever language the client asks for."""
        self._read: Callable[[object], sql_analysis.Reads] | None = sql_analysis.everything_in

    def add_objects(self, model: type[Model], keys: Iterable[Any]) -> None:
        """Note that the response shows the objects with these keys, or would if they were visible."""
        if not is_logged(model):
            self.never_cache(f"It shows objects of {model.__name__}, of which no change is logged.")
        self.tags.update(object_tag(model, key) for key in keys)
        self.tags.update(tables_beside(model))

    def add_page(self, page: Page) -> None:
        """Note that the response shows a page or its address."""
        self.tags.add(object_tag(Page, page.pk))
        self.tags.update(branch_tags(page.path))
        model: Any = type(page)
        self.tags.update(tables_beside(model))

    def holds_until(self, moment: datetime | None) -> None:
        """Note that the response may differ from `moment` on."""
        if moment is not None and (self.until is None or moment < self.until):
            self.until = moment

    def never_cache(self, reason: str) -> None:
        """Note that the response must not be cached; the first reason is kept."""
        self.uncacheable = self.uncacheable or reason

    @contextmanager
    def tracking(self) -> Iterator[None]:
        """Record the queries run in this block, on any connection; `current` returns this object there."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    @contextmanager
    def untracked(self) -> Iterator[None]:
        """Ignore the queries run in this block; the caller records the objects that they read."""
        with self._reading(None):
            yield

    @contextmanager
    def tracking_selection(self) -> Iterator[None]:
        """Record only what decides which objects are found and in which order; showing an object records it."""
        with self._reading(sql_analysis.compared_in):
            yield

    @contextmanager
    def _reading(self, read: Callable[[object], sql_analysis.Reads] | None) -> Iterator[None]:
        before, self._read = self._read, read
        try:
            yield
        finally:
            self._read = before

    def add_query(self, statement: object, alias: str) -> None:
        """Note what a statement reads from the database `alias`."""
        if alias != DEFAULT_DB_ALIAS:
            # It is another database, or a replica that may lag behind.
            self.never_cache(
                f"It reads the database {alias!r}, and the log is of {DEFAULT_DB_ALIAS!r}."
            )
        elif self._read is not None:
            reads = self._read(statement)
            self.tags |= reads.tags
            if reads.unknown:
                self.never_cache(
                    f"It depends on {', '.join(sorted(reads.unknown))}, of which no change is logged."
                )


def current() -> Dependencies | None:
    """Return the `Dependencies` of the response that is being rendered, or None."""
    return _current.get()


def _track_query(
    execute: Callable[..., Any], statement: Any, parameters: Any, many: bool, context: Any
) -> Any:
    """Execute a query, noting it in the `Dependencies` of the response that is being rendered, if any."""
    dependencies = _current.get()
    if dependencies is not None:
        dependencies.add_query(statement, context["connection"].alias)
    return execute(statement, parameters, many, context)


versions.IGNORED_WRAPPERS.add(_track_query)


@receiver(connection_created)
def _track_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Install `_track_query` on a new connection, whatever thread opened it."""
    if _track_query not in connection.execute_wrappers:
        # At the front, because `execute_wrapper()` adds and removes others at the end.
        connection.execute_wrappers.insert(0, _track_query)
