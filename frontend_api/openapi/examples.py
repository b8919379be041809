"""Examples of what is answered, which the page to read the description shows.

Errors that are the same for everybody are made here by what makes them when they happen. What else is asked and
answered, the project says in a file, the setting `EXAMPLES`, by the names of operations, statuses and media types:

{"pages_list": {"200": {"application/json": {"two": {"summary": "GET pages/?limit=2", "value": {"meta": …}}}}}}
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import QueryDict
from rest_framework.exceptions import APIException, NotAcceptable

from frontend_api import conf
from frontend_api.endpoints import parameters, problems
from frontend_api.errors import (
    PROBLEM_TYPE,
    BadCredential,
    BadParameters,
    DatabaseGone,
    NoSuchSite,
    QueryTooLong,
    TookTooLong,
)
from frontend_api.serialization.json_schema import Schema

REQUEST = "request"
"""Stands in the file in place of a status: what is sent to recipients of webhooks."""

_SHARED: dict[str, tuple[str, Callable[[], APIException]]] = {
    "BadCredential": ("401", BadCredential),
    "NoSuchSite": ("404", NoSuchSite),
    "NotAcceptable": ("406", NotAcceptable),
    "QueryTooLong": ("414", QueryTooLong),
    "TookTooLong": ("503", TookTooLong),
    "DatabaseGone": ("503", DatabaseGone),
}


def shared() -> dict[str, Schema]:
    """Return the examples of errors that several endpoints have in common, by name."""
    return {name: _problem(error()) for name, (_, error) in _SHARED.items()}


def add(operations: Iterable[Schema]) -> None:
    """Add to each operation the examples of what it answers, or of what it sends."""
    told = of_project()
    for operation in operations:
        given = told.get(operation["operationId"], {})
        if REQUEST in given:
            _put(operation["requestBody"], given[REQUEST])
        for status, response in operation["responses"].items():
            own = {PROBLEM_TYPE: _errors(status, operation)} if "content" in response else {}
            _put(response, own)
            _put(response, given.get(status, {}))


def of_project() -> dict[str, Any]:
    """Return what the project's file has; raises `ImproperlyConfigured` where it cannot be read."""
    name = conf.examples()
    if not name:
        return {}
    try:
        told = json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(
            f"{conf.NAME}: EXAMPLES is {name!r}, which cannot be read: {error}."
        ) from error
    if not _is_nested(told, 4):
        raise ImproperlyConfigured(
            f"{conf.NAME}: EXAMPLES is {name!r}, which is no object of operations, statuses, media types and names."
        )
    given: dict[str, Any] = told
    return given


def _is_nested(value: Any, depth: int) -> bool:
    """Return whether a value is an object, whose values are objects, and so on."""
    return isinstance(value, dict) and (
        depth == 0 or all(_is_nested(one, depth - 1) for one in value.values())
    )


def _put(body: Schema, examples: dict[str, Any]) -> None:
    """Add examples to a request or a response, in the forms in which it is to be had."""
    for form, ones in examples.items():
        content = body.get("content", {}).get(form)
        if content is not None and ones:
            content.setdefault("examples", {}).update(ones)


def _errors(status: str, operation: Schema) -> dict[str, Schema]:
    """Return the examples of an operation's error, as far as it is known what it would be."""
    if status == "400":
        return {"BadParameter": _problem(_bad_parameter(operation))}
    named = {one["name"] for one in operation["parameters"]}
    return {
        name: {"$ref": f"#/components/examples/{name}"}
        for name, (where, error) in _SHARED.items()
        if where == status and (error is not NoSuchSite or "site" in named)
    }


def _bad_parameter(operation: Schema) -> APIException:
    """Return what an endpoint says to a `limit` above the largest, or else to a parameter that it does not have."""
    known = {one["name"]: one["schema"] for one in operation["parameters"] if one["in"] == "query"}
    most = known.get("limit", {}).get("maximum")
    try:
        if most is not None:
            parameters.limit_and_offset(QueryDict(f"limit={most + 1}"))
        parameters.check(QueryDict("colour=blue"), known)
    except BadParameters as error:
        return error
    raise ValueError("An endpoint has a parameter that is known to none.")


def _problem(error: APIException) -> Schema:
    answered = problems.exception_handler(error, {})
    return {"summary": str(error.detail).partition(";")[0], "value": answered and answered.data}
