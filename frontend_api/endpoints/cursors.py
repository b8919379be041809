"""The `cursor` parameter: goes on after the last item that was given, whatever has come or gone since.

An offset counts items, so that one that is added or deleted in front of it makes a reader miss an item or meet one
twice. A cursor holds the last item's values of what the listing is ordered by instead, and its id. Whatever is there
from the first request to the last, and keeps its place in the order, is met exactly once.
"""

import datetime
import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db.models import ExpressionWrapper, Q, QuerySet
from django.http import QueryDict
from django.utils.duration import duration_iso_string

from frontend_api.errors import bad_parameter

from .bounds import LONGEST

START = "start"
"""The cursor of the first request."""
# A cursor that a client has kept is signed with it.
SALT = "frontend_api.cursor"
_FIELD = "cursor_{}"


class Values:
    """How the values of a cursor are written: JSON in UTF-8, which is shorter than Django's own for most languages."""

    def dumps(self, values: Any) -> bytes:
        """Return values as bytes."""
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        """Return the values in bytes."""
        return json.loads(data)


class Place:
    """Where in an ordered queryset a request goes on, and where the next one will."""

    def __init__(self, ordered: QuerySet[Any], query: QueryDict, bound_to: Iterable[Any]) -> None:
        """Read the cursor; raises `BadParameters` if it cannot be used.

        `bound_to` is what else the items and their order depend on: the cursor of another listing is refused.
        """
        _check(query)
        # The last term is the id, by which all that is alike is ordered.
        terms: Any = ordered.query.order_by
        *self.terms, self.last = terms
        bound = repr((*bound_to, *map(_named, terms)))
        self.bound = hashlib.sha256(bound.encode()).hexdigest()[:16]
        self.ordered: QuerySet[Any] = ordered.annotate(
            # Not the bare column: Django would write the order as the number of a column then, and what the order
            # depends on is read from the SQL.
            **{
                _FIELD.format(number): ExpressionWrapper(term.expression, output_field=None)  # type: ignore[arg-type]
                for number, term in enumerate(self.terms)
            }
        )
        self.after = self._read(str(query["cursor"]))

    def items(self) -> QuerySet[Any]:
        """Return the items from this place on."""
        if self.after is None:
            return self.ordered
        return self.ordered.filter(self._following())

    def next_cursor(self, items: Sequence[Any], limit: int) -> str | None:
        """Return the cursor of what follows the first `limit` of `items`, or None if nothing does.

        So `items` has one more than `limit`, unless it is the end.
        """
        if len(items) <= limit:
            return None
        last = items[limit - 1]
        values = [
            _written(getattr(last, _FIELD.format(number))) for number in range(len(self.terms))
        ]
        text = Signer(salt=SALT).sign_object(
            [self.bound, last.pk, *values], serializer=Values, compress=True
        )
        if len(text) > LONGEST:
            raise bad_parameter(
                "order", "order is by texts that are too long for a cursor; order by another field."
            )
        return text

    def _read(self, text: str) -> list[Any] | None:
        if text == START:
            return None
        unreadable = bad_parameter(
            "cursor",
            "cursor cannot be read; give meta.next_cursor of the last answer as it is, or begin with cursor=start.",
        )
        try:
            bound, key, *values = Signer(salt=SALT).unsign_object(text, serializer=Values)
        except (BadSignature, ValueError, TypeError) as error:
            raise unreadable from error
        if bound != self.bound:
            raise bad_parameter(
                "cursor",
                "cursor is of another listing, order or filter; keep them as they were, or begin with cursor=start.",
            )
        try:
            return [*map(self._value, range(len(self.terms)), values), key]
        except ValidationError as error:
            raise unreadable from error

    def _value(self, number: int, written: Any) -> Any:
        if written is None:
            return None
        return self.ordered.query.annotations[_FIELD.format(number)].output_field.to_python(written)

    def _following(self) -> Q:
        """Return the condition for what comes after the values of the cursor, those without a value last."""
        after: list[Any] = self.after or []
        *values, key = after
        alike, following = Q(), Q()
        for number, (term, value) in enumerate(zip(self.terms, values, strict=True)):
            name, beyond = _FIELD.format(number), "lt" if term.descending else "gt"
            if value is None:
                alike &= Q(**{f"{name}__isnull": True})
                continue
            further = Q(**{f"{name}__{beyond}": value})
            if term.nulls_last:
                further |= Q(**{f"{name}__isnull": True})
            following |= alike & further
            alike &= Q(**{name: value})
        beyond = "lt" if self.last.descending else "gt"
        following |= alike & Q(**{f"pk__{beyond}": key})
        if values and values[0] is not None and not self.terms[0].nulls_last:
            # The rest says so as well, but not in a form for which a database uses an index.
            beyond = "lte" if self.terms[0].descending else "gte"
            following &= Q(**{f"{_FIELD.format(0)}__{beyond}": values[0]})
        return following


def _named(term: Any) -> str:
    """Return the same text for the same term in every process."""
    expression = term.expression
    name = getattr(expression, "name", type(expression).__name__)
    return f"-{name}" if term.descending else str(name)


def _check(query: QueryDict) -> None:
    """Raise `BadParameters` for what cannot be combined with a cursor."""
    for name, reason in (
        ("offset", "it says itself where to go on"),
        ("search", "what a search finds has no order to go on in"),
    ):
        if name in query:
            raise bad_parameter("cursor", f"cursor cannot be combined with {name}: {reason}.")
    if "random" in query.get("order", "").split(","):
        raise bad_parameter("cursor", "cursor cannot be combined with order=random.")
    if not query.get("limit", "1").strip("0"):
        raise bad_parameter("limit", "limit is 0; with a cursor it is 1 at least.")


def _written(value: Any) -> Any:
    """Return a value as JSON has it, from which its field makes it again."""
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return duration_iso_string(value)
    if isinstance(value, bytes | memoryview):
        # As a binary field reads it: by the keys of titles, they are in readers' order.
        return b64encode(value).decode()
    return str(value) if isinstance(value, Decimal | UUID) else value
