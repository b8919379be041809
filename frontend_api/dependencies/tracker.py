"""What a response was made of, recorded while it is rendered.

Whatever reads for a response says so: what fetches objects by key names them, and a listing is known by the columns
that its query compares and orders by. A query that nobody accounts for makes the response depend on all of the tables
that it reads. So code that knows nothing of caching, such as a property of a content type, is never shown stale.
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
from wagtail.models import Page

from frontend_api.changes import versions
from frontend_api.changes.logged_models import is_logged
from frontend_api.changes.tags import branch_tags, object_tag, tables_beside

from . import sql_analysis

# Where in a request's environment the view leaves the record of what may be cached.
ENVIRON = "frontend_api.dependencies"

_current: ContextVar["Dependencies | None"] = ContextVar("dependencies", default=None)


class Dependencies:
    """What one response was made of, until when it holds, and why it may not be kept, if so."""

    def __init__(self) -> None:
        self.tags: set[str] = set()
        self.until: datetime | None = None
        """The first moment at which rendering it anew may give something else without any change; None for never."""
        self.uncacheable: str | None = None
        """Why it must not be cached, or None."""
        self._read: Callable[[object], sql_analysis.Reads] | None = sql_analysis.everything_in

    def add_objects(self, model: type[Model], keys: Iterable[Any]) -> None:
        """Record that it shows, or would show if they could be seen, the objects with these keys."""
        if not is_logged(model):
            self.never_cache(f"It shows objects of {model.__name__}, of which no change is logged.")
        self.tags.update(object_tag(model, key) for key in keys)
        self.tags.update(tables_beside(model))

    def add_page(self, page: Page) -> None:
        """Record that it shows a page or its address."""
        self.tags.add(object_tag(Page, page.pk))
        self.tags.update(branch_tags(page.path))
        model: Any = type(page)
        self.tags.update(tables_beside(model))

    def holds_until(self, moment: datetime | None) -> None:
        """Record that from `moment` on it may be something else."""
        if moment is not None and (self.until is None or moment < self.until):
            self.until = moment

    def never_cache(self, reason: str) -> None:
        """Record that it must not be cached."""
        self.uncacheable = self.uncacheable or reason

    @contextmanager
    def tracking(self) -> Iterator[None]:
        """Record the queries that are run here, on whatever connection, and let `current` find this record."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    @contextmanager
    def untracked(self) -> Iterator[None]:
        """Leave to the caller, who records the objects that are read, what the queries run here mean."""
        with self._reading(None):
            yield

    @contextmanager
    def tracking_selection(self) -> Iterator[None]:
        """Record what decides which objects are found and in which order; those that are shown record themselves."""
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
        """Record what a statement reads from the database `alias`."""
        if alias != DEFAULT_DB_ALIAS:
            # It is another one, or a copy that may be behind.
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
    """Return the record of the response that is being rendered here, if any."""
    return _current.get()


def _hear(
    execute: Callable[..., Any], statement: Any, parameters: Any, many: bool, context: Any
) -> Any:
    """Tell the record of the response that is being rendered here, if any, of each query that is run."""
    dependencies = _current.get()
    if dependencies is not None:
        dependencies.add_query(statement, context["connection"].alias)
    return execute(statement, parameters, many, context)


versions.UNCONCERNED.add(_hear)


@receiver(connection_created)
def _listen(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Hear every query of a connection, in whatever thread it was opened."""
    if _hear not in connection.execute_wrappers:
        # Others come and go behind it.
        connection.execute_wrappers.insert(0, _hear)
