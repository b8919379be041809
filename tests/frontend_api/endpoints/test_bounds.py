"""Nothing is asked without a bound: the description names it, and the endpoints hold requests to it."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client, RequestFactory

from frontend_api.endpoints.index import IndexView
from frontend_api.errors import LONGEST_QUERY
from frontend_api.openapi.document import document

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Schema = dict[str, Any]
API = "/api/v2/"
OPERATIONS = {path: methods["get"] for path, methods in document()["paths"].items()}


def asked(path: str) -> list[tuple[str, Schema]]:
    """Return the parameters of an endpoint that stand in its query, with the schema of each."""
    return [
        (one["name"], one["schema"])
        for one in OPERATIONS[path]["parameters"]
        if one["in"] == "query"
    ]


def is_bounded(schema: Schema) -> bool:
    """Tell whether a schema says how long, how many or how large a value may be."""
    if "anyOf" in schema:
        return all(map(is_bounded, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return True
    match schema["type"]:
        case "array":
            return "maxItems" in schema and is_bounded(schema["items"])
        case "string":
            is_of_one_length = schema.get("format") in {"date", "date-time", "uuid"}
            return is_of_one_length or bool({"maxLength", "pattern"} & schema.keys())
        case "integer" | "number":
            return {"minimum", "maximum"} <= schema.keys()
    return bool(schema["type"] == "boolean")


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_parameter_is_described_with_a_bound(path: str) -> None:
    assert [name for name, schema in asked(path) if not is_bounded(schema)] == []


def beyond(schema: Schema) -> str | None:
    """Return a value that is more than a schema allows by one, or None where it names its values."""
    if "maxItems" in schema:
        return ",".join(f"a{number}" for number in range(schema["maxItems"] + 1))
    if "maxLength" in schema:
        return "x" * (int(schema["maxLength"]) + 1)
    return str(schema["maximum"] + 1) if "maximum" in schema else None


@pytest.mark.parametrize("path", OPERATIONS)
def test_one_more_than_the_description_allows_is_refused_by_name(client: Client, path: str) -> None:
    required = {
        one["name"]: "x"
        for one in OPERATIONS[path]["parameters"]
        if one.get("required") and one["in"] == "query"
    }
    address = path.format(id=1, number=1)
    for name, schema in asked(path):
        value = beyond(schema)
        if value is not None:
            response = client.get(address, {**required, name: value})
            assert response.status_code == 400, (name, response.content)
            assert name in {error["parameter"] for error in response.json()["errors"]}


def of_length(length: int) -> str:
    """Return a query string of so many bytes."""
    return "search=" + "x" * (length - 7)


@pytest.mark.parametrize("path", ["pages/", "preview/", "nothing/", "docs/", ""])
def test_a_query_string_beyond_the_longest_is_not_read(client: Client, path: str) -> None:
    assert client.get(f"{API}{path}?{of_length(LONGEST_QUERY)}").status_code in {400, 401, 404}
    response = client.get(f"{API}{path}?{of_length(LONGEST_QUERY + 1)}")
    if path == "nothing/":
        # No endpoint reads anything there, and in front of Django it is refused like any other.
        assert response.status_code == 404
        return
    assert response.status_code == 414
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == (
        "The query string of this address is too long; it may have 8192 bytes."
    )


def test_so_many_parameters_that_django_would_refuse_them_are_too_long_first() -> None:
    query = urlencode([("a", "")] * 5_000)
    response = IndexView.as_view()(RequestFactory().get(f"{API}?{query}"))
    assert response.status_code == 414
