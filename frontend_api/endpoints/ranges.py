"""Ranges of dates, times and numbers: `published_on_from=2024-01-01&published_on_to=2024-12-31`, both ends included.

Every field that is a date, a time or a number, and that the API shows, has both parameters.
"""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import QueryDict
from wagtail.api.conf import get_model_field

from frontend_api.errors import BadParameters, bad_parameter

from .bounds import LARGEST

ENDS = {"_from": "gte", "_to": "lte"}

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_RANGED = (models.DateField, models.IntegerField, models.FloatField, models.DecimalField)


def names(model: type[models.Model], columns: Iterable[str]) -> dict[str, str]:
    """Return the field that each parameter is about: `{"published_on_from": "published_on", …}`.

    `columns` are the names of the fields that one can filter by; a parameter is left out where one has its name.
    """
    columns = set(columns)
    found: dict[str, str] = {}
    for name in columns:
        field = get_model_field(model, name)
        if isinstance(field, _RANGED) and not field.primary_key:
            found.update((f"{name}{end}", name) for end in ENDS if f"{name}{end}" not in columns)
    return found


def within(queryset: QuerySet[Any], query: QueryDict, ranged: dict[str, str]) -> QuerySet[Any]:
    """Return `queryset` narrowed to the ranges that the request gives; `ranged` is what `names` returns."""
    for parameter in sorted(ranged.keys() & query.keys()):
        name = ranged[parameter]
        end = parameter.removeprefix(name)
        field = get_model_field(queryset.model, name)
        value = _value(field, parameter, str(query[parameter]), is_last=end == "_to")
        queryset = queryset.filter(**{f"{name}__{ENDS[end]}": value})
    return queryset


def _value(field: Any, parameter: str, text: str, *, is_last: bool) -> Any:
    if isinstance(field, models.DateTimeField):
        return _time(parameter, text, is_last=is_last)
    if isinstance(field, models.DateField):
        if not _DATE.fullmatch(text):
            raise _bad(parameter, text, "a date, as in 2024-05-31")
        return _parsed(parameter, text, "a date, as in 2024-05-31", datetime.date.fromisoformat)
    if not _NUMBER.fullmatch(text):
        raise _bad(parameter, text, "a number")
    number = Decimal(text)
    if abs(number) > LARGEST:
        raise _bad(parameter, text, f"a number from -{LARGEST} to {LARGEST}")
    if isinstance(field, models.IntegerField) and number != int(number):
        raise _bad(parameter, text, "a whole number")
    try:
        return field.to_python(int(number) if isinstance(field, models.IntegerField) else text)
    except ValidationError as error:
        raise _bad(parameter, text, "a number") from error


def _time(parameter: str, text: str, *, is_last: bool) -> datetime.datetime:
    """Return a moment in UTC; the last one of the day or millisecond that `text` names, if a range ends with it."""
    form = "a date or a time in UTC, as in 2024-05-31 or 2024-05-31T18:00:00Z"
    if _DATE.fullmatch(text):
        day = _parsed(parameter, text, form, datetime.date.fromisoformat)
        at = datetime.time.max if is_last else datetime.time.min
        return datetime.datetime.combine(day, at, datetime.UTC)
    if not _TIME.fullmatch(text):
        raise _bad(parameter, text, form)
    moment: datetime.datetime = _parsed(parameter, text, form, datetime.datetime.fromisoformat)
    try:
        moment = (
            moment.astimezone(datetime.UTC)
            if moment.tzinfo
            else moment.replace(tzinfo=datetime.UTC)
        )
    except OverflowError as error:
        raise _bad(parameter, text, form) from error
    # The JSON shows times to the millisecond, so that the whole of it is included.
    first = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return first + datetime.timedelta(microseconds=999) if is_last else first


def _parsed(parameter: str, text: str, form: str, parse: Any) -> Any:
    try:
        return parse(text)
    except ValueError as error:
        raise _bad(parameter, text, form) from error


def _bad(parameter: str, text: str, form: str) -> BadParameters:
    return bad_parameter(parameter, f"{parameter} is '{text[:40]}'; it must be {form}.")
