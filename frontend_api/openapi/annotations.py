"""Schemas from Python annotations: the return types of properties, methods, serialiser fields and blocks."""

import datetime
import inspect
import types
import typing
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from typing_extensions import is_typeddict

from frontend_api.serialization.json_schema import (
    BOOLEAN,
    DATE,
    DATE_TIME,
    INTEGER,
    NULL,
    NUMBER,
    STRING,
    UUID,
    Schema,
    Untyped,
    array,
    mapping,
    nullable,
    one_of_values,
    record,
    union,
)

PLAIN: dict[Any, Schema] = {
    bool: BOOLEAN,
    int: INTEGER,
    float: NUMBER,
    str: STRING,
    Promise: STRING,
    Decimal: STRING,
    datetime.datetime: DATE_TIME,
    datetime.date: DATE,
    datetime.time: STRING,
    uuid.UUID: UUID,
    type(None): NULL,
    None: NULL,
}
LISTS = (list, tuple, Sequence, Iterable, Collection, QuerySet)

Nest = Callable[[type[Model]], Schema]


def returned(function: Any, nest: Nest) -> Schema:
    """Return the schema of what a function, method or property returns; `nest` returns that of a model's objects.

    Raises `Untyped` if the return annotation is missing, cannot be read or is too vague.
    """
    if isinstance(function, property):
        function = function.fget
    # `cached_property` and the like keep the function as `func`.
    function = getattr(function, "func", function)
    try:
        hints = typing.get_type_hints(function)
    except (AttributeError, NameError, TypeError) as error:
        raise Untyped(f"its return annotation cannot be read ({error})") from error
    if "return" not in hints:
        raise Untyped("it has no return annotation")
    return annotated(hints["return"], nest)


def annotated(annotation: Any, nest: Nest) -> Schema:
    """Return the schema of an annotation: `int | None`, `Literal["a", "b"]`, `list[Theme]`, a `TypedDict`, …"""
    if annotation in PLAIN:
        return PLAIN[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return one_of_values(list(arguments))
    if origin in {Union, types.UnionType}:
        return _union(arguments, nest)
    if inspect.isclass(origin or annotation) and not is_typeddict(annotation):
        kind: Any = origin or annotation
        if issubclass(kind, Model):
            return nullable(nest(kind))
        if kind in LISTS or issubclass(kind, QuerySet):
            return _list(annotation, arguments, nest)
        if kind in {dict, Mapping} and len(arguments) == 2 and arguments[0] is str:
            return mapping(annotated(arguments[1], nest))
    if is_typeddict(annotation):
        return _typed_dict(annotation, nest)
    raise Untyped(f"its annotation {annotation!r} says too little")


def _union(arguments: tuple[Any, ...], nest: Nest) -> Schema:
    members = [annotated(member, nest) for member in arguments if member is not type(None)]
    joined = union(members)
    return nullable(joined) if type(None) in arguments else joined


def _list(annotation: Any, arguments: tuple[Any, ...], nest: Nest) -> Schema:
    kinds = [argument for argument in arguments if argument is not Ellipsis]
    if not kinds:
        # At run time, Django drops the model of a `QuerySet[Theme]`; an `Iterable[Theme]` keeps it.
        raise Untyped(f"its annotation {annotation!r} does not say what it holds, as list[…] does")
    if all(inspect.isclass(kind) and issubclass(kind, Model) for kind in kinds):
        # Lists leave out objects that may not be seen, so their items are never null.
        return array(union([nest(kind) for kind in kinds]))
    return array(union([annotated(kind, nest) for kind in kinds]))


def _typed_dict(annotation: Any, nest: Nest) -> Schema:
    properties = {}
    required = []
    for name, hint in typing.get_type_hints(annotation, include_extras=True).items():
        optional = name not in annotation.__required_keys__
        bare = get_args(hint)[0] if get_origin(hint) in {Required, NotRequired} else hint
        properties[name] = annotated(bare, nest)
        if not optional:
            required.append(name)
    return {**record(properties), "required": required}
