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

from django.db import connection
from django.db.models import Model
from wagtail.models import Page

from frontend_api.changes.tags import branch_tags, object_tag

from . import sql

# Where in a request's environment the view leaves the record of what may be cached.
ENVIRON = "frontend_api.record"

_current: ContextVar["Record | None"] = ContextVar("record", default=None)


class Record:
    """What one response was made of, until when it holds, and why it may not be kept, if so."""

    def __init__(self) -> None:
        self.tags: set[str] = set()
        self.until: datetime | None = None
        """The first moment at which rendering it anew may give something else without any change; None for never."""
        self.refusal: str | None = None
        """Why it must not be cached, or None."""
        self._read: Callable[[str], sql.Reads] | None = sql.everything_in

    def objects(self, model: type[Model], keys: Iterable[Any]) -> None:
        """Record that it shows, or would show if they could be seen, the objects with these keys."""
        self.tags.update(object_tag(model, key) for key in keys)

    def page(self, page: Page) -> None:
        """Record that it shows a page or its address."""
        self.tags.add(object_tag(Page, page.pk))
        self.tags.update(branch_tags(page.path))

    def holds_until(self, moment: datetime | None) -> None:
        """Record that from `moment` on it may be something else."""
        if moment is not None and (self.until is None or moment < self.until):
            self.until = moment

    def refuse(self, reason: str) -> None:
        """Record that it must not be cached."""
        self.refusal = self.refusal or reason

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Record the queries that are run here, and let `current` find this record."""
        token = _current.set(self)
        try:
            with connection.execute_wrapper(self._query):
                yield
        finally:
            _current.reset(token)

    @contextmanager
    def accounted(self) -> Iterator[None]:
        """Leave to the caller, who records the objects that are read, what the queries run here mean."""
        with self._reading(None):
            yield

    @contextmanager
    def listed(self) -> Iterator[None]:
        """Record what decides which objects are found and in which order; those that are shown record themselves."""
        with self._reading(sql.compared_in):
            yield

    @contextmanager
    def _reading(self, read: Callable[[str], sql.Reads] | None) -> Iterator[None]:
        before, self._read = self._read, read
        try:
            yield
        finally:
            self._read = before

    def _query(
        self, execute: Any, statement: str, parameters: Any, many: bool, context: Any
    ) -> Any:
        if self._read is not None:
            reads = self._read(statement)
            self.tags |= reads.tags
            if reads.unknown:
                self.refuse(
                    f"It reads {', '.join(sorted(reads.unknown))}, whose changes are not logged."
                )
        return execute(statement, parameters, many, context)


def current() -> Record | None:
    """Return the record of the response that is being rendered here, if any."""
    return _current.get()
