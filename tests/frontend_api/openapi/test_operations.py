"""The API's own description: whole, exact, and the same as what the views do."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import translation
from drf_spectacular.validation import validate_schema
from wagtail.models import get_page_models

from frontend_api.endpoints import page_filters, ranges
from frontend_api.endpoints.collections import RESERVED, collections, snippets
from frontend_api.openapi.document import document
from frontend_api.openapi.shared_parameters import TEXT
from tests.cms.test_settings import python
from tests.frontend_api.endpoints.test_parameters import OF_PAGES, PARAMETERS, TREE

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The document, with the tests' plugin in it."""
    return document()


@pytest.fixture(scope="module")
def schemas(described: dict[str, Any]) -> dict[str, Any]:
    """The named types of the document."""
    found: dict[str, Any] = described["components"]["schemas"]
    return found


def parts(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Give every object in a document, with its place."""
    if isinstance(value, dict):
        yield place, value
        for name, inner in value.items():
            yield from parts(inner, f"{place}/{name}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from parts(inner, f"{place}/{at}")


def schemas_in(described: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give every JSON Schema in a document, with its place; unlike `parts`, nothing that only looks like one."""
    pending = [
        (f"components/{name}", schema)
        for name, schema in described["components"]["schemas"].items()
    ]
    for place, part in parts(described["paths"]):
        if "schema" in part:
            pending.append((place, part["schema"]))
    while pending:
        place, schema = pending.pop()
        yield place, schema
        for name in ("anyOf", "oneOf", "allOf"):
            pending += [(f"{place}/{name}", inner) for inner in schema.get(name, ())]
        for name, inner in schema.get("properties", {}).items():
            pending.append((f"{place}/{name}", inner))
        for name in ("items", "additionalProperties"):
            if isinstance(schema.get(name), dict):
                pending.append((f"{place}/{name}", schema[name]))


def untyped(described: dict[str, Any]) -> list[str]:
    """Return the places of schemas that leave something open."""
    return [place for place, schema in schemas_in(described) if not is_typed(schema)]


def is_typed(schema: dict[str, Any]) -> bool:
    """Tell whether a schema says what it describes to the end."""
    if "$ref" in schema or schema.get("anyOf") or schema.get("oneOf"):
        return True
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "object" in kinds:
        closed = schema.get("properties") and schema.get("additionalProperties") is False
        named = isinstance(schema.get("additionalProperties"), dict)
        return bool(closed or named)
    if "array" in kinds:
        return bool(schema.get("items"))
    return bool(kinds)


def test_it_is_openapi(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    validate_schema(described)


def test_its_version_is_that_of_the_project(described: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert described["info"]["version"] == project["version"]


def test_nothing_is_untyped(described: dict[str, Any]) -> None:
    assert untyped(described) == []
    assert len(list(schemas_in(described))) > 500


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"description": "Something."},
        {"type": "object"},
        {"type": "object", "properties": {"a": {"type": "string"}}},
        {"type": "object", "properties": {"a": {}}, "additionalProperties": False},
        {"type": "object", "additionalProperties": True},
        {"type": "object", "additionalProperties": {}},
        {"type": ["object", "null"]},
        {"type": "array"},
        {"type": "array", "items": {}},
        {"anyOf": []},
        {"anyOf": [{"type": "string"}, {}]},
    ],
)
def test_what_is_untyped_would_be_found(schema: dict[str, Any]) -> None:
    assert untyped({"components": {"schemas": {"Open": schema}}, "paths": {}})


def test_every_reference_leads_somewhere_and_every_type_is_used(described: dict[str, Any]) -> None:
    named = set(described["components"]["schemas"])
    used = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))
    assert used == named


def test_absent_is_null_and_never_missing(schemas: dict[str, Any]) -> None:
    loose = [
        place
        for place, schema in schemas_in({"components": {"schemas": schemas}, "paths": {}})
        if "properties" in schema
        and (
            # What an answer says of a draft is in no public one, and some of a listing only where it is asked for.
            schema["required"]
            != [
                name
                for name in schema["properties"]
                if name not in {"draft", "facets", "next_cursor"}
            ]
            or schema["additionalProperties"] is not False
        )
    ]
    # An error has a list of parameters only where they are at fault, and a redirect only where a path has moved; a
    # listing has the facets that were asked for, and a draft its addresses in the editor for editors alone; what
    # OpenAPI, JSON-LD and JSON Feed leave out is left out.
    of_others = {
        "DraftState",
        "Example",
        "OpenApiDocument",
        "JsonSchema",
        "JsonFeed",
        "JsonLdOrganization",
        "JsonLdPage",
        "JsonLdArticle",
        "InsightPageFacets",
        "ProgrammePageFacets",
    }
    assert {place.split("/")[1] for place in loose} == {"Problem", *of_others}


def test_every_page_type_has_three_forms_in_three_unions(schemas: dict[str, Any]) -> None:
    for suffix in ("", "Teaser", "Link"):
        union = schemas[f"Page{suffix}"]
        assert union["discriminator"]["propertyName"] == "type"
        members = union["discriminator"]["mapping"]
        assert set(members) == {
            f"{model._meta.app_label}.{model.__name__}" for model in get_page_models()
        }
        assert [member["$ref"] for member in union["oneOf"]] == list(members.values())
        for name, reference in members.items():
            form = schemas[reference.rpartition("/")[2]]
            assert form["properties"]["type"] == {"type": "string", "const": name}
            assert form["properties"]["meta"]["properties"]["type"]["const"] == name


def test_a_body_is_a_union_of_its_blocks(schemas: dict[str, Any]) -> None:
    body = schemas["BodyBlock"]
    assert list(body["discriminator"]["mapping"])[:3] == ["heading", "rich_text", "quote"]
    heading = schemas["BodyBlockHeading"]["properties"]
    assert heading["type"] == {"type": "string", "const": "heading"}
    assert heading["value"]["properties"] == {
        "text": {"type": "string"},
        "level": {"type": "string", "enum": ["h2", "h3"]},
    }
    action = schemas["BodyBlockCallToAction"]["properties"]["value"]["properties"]
    assert action["link"] == {"anyOf": [{"$ref": "#/components/schemas/Link"}, {"type": "null"}]}
    insights = schemas["BodyBlockInsights"]["properties"]["value"]["properties"]["insights"]
    assert insights["items"]["anyOf"][0] == {"$ref": "#/components/schemas/InsightPageTeaser"}


def test_a_plugin_is_typed_with_no_further_line(schemas: dict[str, Any]) -> None:
    event = schemas["EventPage"]["properties"]
    assert event["starts_on"] == {"type": "string", "format": "date"}
    assert event["speakers"]["items"] == {"$ref": "#/components/schemas/Speaker"}
    age = schemas["EventPageBodyAge"]["properties"]["value"]["properties"]
    assert age == {"from": {"type": "integer"}, "adults": {"type": "boolean"}}
    assert schemas["EventPageTeaser"]["properties"]["city"] == {"type": "string"}


def test_a_property_with_few_values_names_them(schemas: dict[str, Any]) -> None:
    status = schemas["ProgrammePage"]["properties"]["status"]
    assert status == {"type": "string", "enum": ["upcoming", "active", "completed"]}
    assert schemas["InsightPage"]["properties"]["kind"]["enum"] == ["article", "external"]


def test_every_endpoint_is_there(described: dict[str, Any]) -> None:
    places = {f"{path.removeprefix('/api/v2/')}/" for path in described["paths"]}
    assert places >= set(PARAMETERS) | {"schema/", "docs/"}
    first = {place.split("/")[0] for place in places}
    # No collection has an ending in its name.
    named = {*collections, *snippets}
    assert {name for name in first if "." not in name} == RESERVED | named
    names = [path["get"]["operationId"] for path in described["paths"].values()]
    assert len(set(names)) == len(names)


def query_parameters(described: dict[str, Any], place: str) -> dict[str, Any]:
    """Return the query parameters of an endpoint, by name."""
    return {
        parameter["name"]: parameter
        for parameter in described["paths"][f"/api/v2/{place}".rstrip("/")]["get"]["parameters"]
        if parameter["in"] == "query"
    }


@pytest.mark.parametrize("place", sorted(set(PARAMETERS) - {"pages/"}))
def test_an_endpoint_takes_the_parameters_that_are_described(
    described: dict[str, Any], place: str
) -> None:
    assert set(query_parameters(described, place)) == PARAMETERS[place]


def test_pages_take_the_parameters_that_are_described(described: dict[str, Any]) -> None:
    columns = set().union(*map(page_filters.filter_names, get_page_models()))
    for model in get_page_models():
        columns |= set(ranges.names(model, page_filters.filter_names(model)))
    parameters = query_parameters(described, "pages/")
    assert set(parameters) == OF_PAGES | TREE | columns
    assert (
        "Only where `type` is `programmes.ProgrammePage` alone."
        in (parameters["start_year"]["description"])
    )


@pytest.mark.django_db
@pytest.mark.parametrize("place", sorted(PARAMETERS))
def test_what_the_views_say_they_take_is_what_is_described(
    described: dict[str, Any], client: Client, place: str
) -> None:
    problem = client.get(f"/api/v2/{place.format(id=1)}", {"nonsense": "1"}).json()
    taken = problem["detail"].rpartition("it takes ")[2].rstrip(".").split(", ")
    parameters = query_parameters(described, place)
    if place == "pages/":
        assert set(taken) == PARAMETERS[place] <= set(parameters)
    else:
        assert set(taken) == set(parameters)


def test_parameters_have_types_and_limits(described: dict[str, Any]) -> None:
    programmes = query_parameters(described, "programmes/")
    assert programmes["limit"]["schema"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": 100,
        "default": 20,
    }
    assert programmes["status"]["schema"]["enum"] == ["upcoming", "active", "completed"]
    assert programmes["running_in"]["schema"] == {
        "type": "integer",
        "minimum": 1900,
        "maximum": 2100,
    }
    assert "-start_year" in programmes["order"]["schema"]["items"]["enum"]
    assert programmes["order"]["explode"] is False
    insights = query_parameters(described, "insights/")
    assert insights["published_after"]["schema"]["format"] == "date"
    # Another app's filter.
    assert insights["programme"]["schema"]["maxItems"] == 50
    assert query_parameters(described, "events/")["city"]["schema"] == TEXT


CACHED = {"ETag", "Cache-Control", "Vary", "Cache-Tag", "Surrogate-Key", "Last-Modified"}


def test_errors_and_headers_are_described(described: dict[str, Any]) -> None:
    for path, operation in described["paths"].items():
        responses = operation["get"]["responses"]
        wanted = {"200", "400", "401"} | ({"404"} if path.endswith(("{id}", "find")) else set())
        assert wanted <= set(responses), path
        assert responses["401"]["headers"]["WWW-Authenticate"]["schema"]["const"] == "Bearer"
        assert operation["get"]["security"] == [{}, {"credential": []}]
        for status, response in responses.items():
            if status == "304":
                assert set(response["headers"]) == {*CACHED} - {"Last-Modified"}
                assert "content" not in response
            elif status == "200" and "304" in responses:
                assert set(response["headers"]) == CACHED
            elif status != "200":
                assert list(response["content"]) == ["application/problem+json"]
    preview = described["paths"]["/api/v2/preview"]["get"]["responses"]
    for response in preview.values():
        assert response["headers"]["Cache-Control"]["schema"]["const"] == "private, no-store"
        assert response["headers"]["X-Robots-Tag"]["schema"]["const"] == "noindex"
        assert response["headers"]["Referrer-Policy"]["schema"]["const"] == "no-referrer"


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["pages/", "site/", "preview/", "schema/"])
def test_another_form_than_json_is_refused(client: Client, place: str) -> None:
    response = client.get(f"/api/v2/{place}", headers={"accept": "application/xml"})
    assert response.status_code == 406
    assert response.json()["title"] == "Not Acceptable"


def test_it_is_the_same_in_every_language(described: dict[str, Any]) -> None:
    with translation.override("fr"):
        assert document() == described


def test_it_is_served(client: Client, described: dict[str, Any]) -> None:
    response = client.get("/api/v2/schema/")
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == described
    assert client.get("/api/v2/schema/", {"format": "yaml"}).status_code == 400


@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*"])
def test_the_page_to_read_it_loads_nothing_from_elsewhere(client: Client, accept: str) -> None:
    response = client.get("/api/v2/docs/", headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assets = re.findall(r'(?:src|href|data-schema)="([^"]+)"', response.content.decode())
    assert len(assets) == 7
    for asset in assets:
        assert asset.startswith((settings.STATIC_URL, "/api/v2/")), asset
        if asset.startswith(settings.STATIC_URL):
            assert finders.find(asset.removeprefix(settings.STATIC_URL)), asset
    assert client.get("/api/v2/docs/", {"x": "1"}).status_code == 400
    assert client.post("/api/v2/docs/").status_code == 405


def test_requests_do_not_load_what_makes_it() -> None:
    """Nothing that answers a request needs more of the description than its smallest parts."""
    done = python(
        "-c",
        "import django, sys; django.setup()\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "print(*[name for name in sys.modules if name.startswith((PACKAGE, OURS))])".replace(
            "PACKAGE, OURS", "'drf_spectacular.', 'frontend_api.openapi.'"
        ),
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == {
        "drf_spectacular.apps",
        "drf_spectacular.checks",
        "frontend_api.openapi.checks",
        "frontend_api.openapi.own_view",
        "frontend_api.openapi.views",
    }
