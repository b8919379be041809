"""`docs/openapi.json` is what the code gives, and breaks no client of the last release without a major version."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cms.test_settings import python

from .compatibility import breaks

pytestmark = pytest.mark.once


DOCS = Path(__file__).resolve().parents[2] / "docs"
CHANGELOG = DOCS.parent / "CHANGELOG.md"
Document = dict[str, Any]


def read(path: Path) -> Document:
    """Return a document."""
    found: Document = json.loads(path.read_text(encoding="utf-8"))
    return found


def version(text: str) -> tuple[int, ...]:
    """Return a version as numbers, which can be compared."""
    return tuple(map(int, text.split(".")))


def last_release() -> tuple[tuple[int, ...], Document]:
    """Return the version and the document of the last release."""
    releases = {
        version(path.stem.removeprefix("openapi-")): path
        for path in (DOCS / "releases").glob("openapi-*.json")
    }
    newest = max(releases)
    return newest, read(releases[newest])


def newest_version(changelog: str) -> tuple[int, ...]:
    """Return the newest version that a changelog names, which may be one that is about to be released."""
    return max(map(version, re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.M)), default=(0,))


def unannounced(old: Document, new: Document, released: tuple[int, ...], changelog: str) -> list:
    """Return the breaks between two documents, unless the changelog announces a major version."""
    return [] if newest_version(changelog)[0] > released[0] else breaks(old, new)


@pytest.fixture(scope="module")
def committed() -> Document:
    """The document as it is committed."""
    return read(DOCS / "openapi.json")


def test_what_is_committed_is_what_the_code_gives(committed: Document) -> None:
    """If this fails: `make openapi`, and read the difference."""
    done = python(
        "-c",
        "import django; django.setup()\n"
        "from frontend_api.openapi.document import as_json\n"
        "print(as_json().decode())",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == committed


def test_no_client_of_the_last_release_breaks_unannounced(committed: Document) -> None:
    released, old = last_release()
    changelog = CHANGELOG.read_text(encoding="utf-8")
    assert unannounced(old, committed, released, changelog) == []


def test_an_address_may_lose_or_gain_the_slash_at_its_end(committed: Document) -> None:
    other = copy.deepcopy(committed)
    other["paths"] = {f"{path}/": methods for path, methods in other["paths"].items()}
    assert breaks(committed, other) == breaks(other, committed) == []


def test_a_major_version_in_the_changelog_announces_a_break(committed: Document) -> None:
    other = copy.deepcopy(committed)
    del other["paths"]["/api/v2/site"]
    expected = ["GET /api/v2/site: is gone"]
    assert unannounced(committed, other, (0, 1, 0), "## [Unreleased]\n") == expected
    assert unannounced(committed, other, (0, 1, 0), "## [0.2.0] - 2030-01-01\n") == expected
    assert unannounced(committed, other, (0, 1, 0), "## [Unreleased]\n\n## [1.0.0]\n") == []
    assert unannounced(committed, other, (1, 4, 0), "## [1.5.0]\n") == expected


PROGRAMME = ("components", "schemas", "ProgrammePage", "properties")
LISTING = ("paths", "/api/v2/programmes", "get", "parameters")


def inside(document: Document, *place: Any) -> Any:
    """Return what is at a place in a document; a number or name also finds a parameter in a list of them."""
    found: Any = document
    for step in place:
        if isinstance(found, list) and isinstance(step, str):
            [found] = [item for item in found if item["name"] == step]
        else:
            found = found[step]
    return found


def put(*place: Any, value: Any) -> Callable[[Document], None]:
    """Return the change that puts a value at a place."""

    def change(document: Document) -> None:
        inside(document, *place[:-1])[place[-1]] = value

    return change


def take(*place: Any) -> Callable[[Document], None]:
    """Return the change that takes away what is at a place."""

    def change(document: Document) -> None:
        holder = inside(document, *place[:-1])
        if isinstance(holder, list):
            holder.remove(place[-1] if place[-1] in holder else inside(holder, place[-1]))
        else:
            del holder[place[-1]]

    return change


SCHEMAS = ("components", "schemas")
BREAKS = {
    "an endpoint is gone": take("paths", "/api/v2/insights/{id}"),
    "a parameter is gone": take(*LISTING, "partner"),
    "a value of a parameter is gone": take(*LISTING, "status", "schema", "enum", "active"),
    "an order is gone": take(*LISTING, "order", "schema", "items", "enum", "-title"),
    "a parameter takes a few values alone": put(
        "paths", "/api/v2/insights", "get", "parameters", "source", "schema", "enum", value=["A"]
    ),
    "a parameter has another type": put(*LISTING, "site", "schema", value={"type": "integer"}),
    "a parameter has a type less": put(
        "paths", "/api/v2/pages", "get", "parameters", "child_of", "schema",
        value={"type": "integer", "minimum": 0},
    ),
    "a limit is lower": put(*LISTING, "limit", "schema", "maximum", value=50),
    "a limit is higher": put(*LISTING, "running_in", "schema", "minimum", value=1950),
    "a text is shorter": put(*LISTING, "search", "schema", "maxLength", value=100),
    "a list is written in another way": put(*LISTING, "theme", "explode", value=True),
    "an optional parameter is required": put(*LISTING, "status", "required", value=True),
    "a new parameter is required": lambda document: inside(document, *LISTING).append(
        {"name": "key", "in": "query", "required": True, "schema": {"type": "string"}}
    ),
    "a field is gone": take(*PROGRAMME, "period"),
    "a field of meta is gone": take(*PROGRAMME, "meta", "properties", "parent"),
    "a field may be missing": take(*SCHEMAS, "ProgrammePage", "required", "period"),
    "a field has another type": put(*PROGRAMME, "period", "type", value="integer"),
    "a field may be null": put(*PROGRAMME, "period", "type", value=["string", "null"]),
    "a choice may be null": put(
        *SCHEMAS, "InsightPage", "properties", "link",
        value={"anyOf": [{"$ref": "#/components/schemas/Link"}, {"type": "null"}]},
    ),
    "a choice is of another type": put(
        *PROGRAMME, "image", value={"anyOf": [{"$ref": "#/components/schemas/Link"}, {"type": "null"}]}
    ),
    "a choice is a number": put(*PROGRAMME, "image", value={"type": ["integer", "null"]}),
    "a list is of another type": put(*PROGRAMME, "themes", "items", value={"type": "string"}),
    "a list is not one": put(*PROGRAMME, "themes", value={"type": "string"}),
    "a field has any value": take(*PROGRAMME, "status", "enum"),
    "a field has other values": put(*PROGRAMME, "status", "enum", value=["new"]),
    "a constant is another one": put(*PROGRAMME, "type", "const", value="programmes.Programme"),
    "a date is no date": take(*SCHEMAS, "InsightPage", "properties", "published_on", "format"),
    "a page type is gone": lambda document: inside(document, *SCHEMAS, "Page", "oneOf").remove(
        {"$ref": "#/components/schemas/ProgrammePage"}
    ),
    "a block is gone": lambda document: inside(document, *SCHEMAS, "BodyBlock", "oneOf").remove(
        {"$ref": "#/components/schemas/BodyBlockTable"}
    ),
    "a field of a block is gone": take(
        *SCHEMAS, "BodyBlockQuote", "properties", "value", "properties", "attribution"
    ),
    "a field of a field is gone": take(*SCHEMAS, "Partner", "properties", "website"),
    "a field of an error is gone": take(*SCHEMAS, "Problem", "properties", "message"),
    "a header is gone": take(
        "paths", "/api/v2/preview", "get", "responses", "200", "headers", "X-Robots-Tag"
    ),
    "an answer is of another kind": put(
        "paths", "/api/v2/site", "get", "responses", "200", "content",
        value={"text/plain": {"schema": {"type": "string"}}},
    ),
}  # fmt: skip
ADDITIONS = {
    "an endpoint": put("paths", "/api/v2/events", value={"get": {"parameters": [], "responses": {}}}),
    "an optional parameter": lambda document: inside(document, *LISTING).append(
        {"name": "key", "in": "query", "schema": {"type": "string"}}
    ),
    "a value of a parameter": lambda document: inside(
        document, *LISTING, "status", "schema", "enum"
    ).append("paused"),
    "a higher limit": put(*LISTING, "limit", "schema", "maximum", value=200),
    "a parameter that takes anything": take(*LISTING, "status", "schema", "enum"),
    "a field": put(*PROGRAMME, "budget", value={"type": "integer"}),
    "a value of a field": lambda document: inside(document, *PROGRAMME, "status", "enum").append("x"),
    "a field that is never null": put(*PROGRAMME, "start_year", "type", value="integer"),
    "a page type": lambda document: inside(document, *SCHEMAS, "Page", "oneOf").append(
        {"$ref": "#/components/schemas/EventPage"}
    ),
    "a block": lambda document: inside(document, *SCHEMAS, "BodyBlock", "oneOf").append(
        {"$ref": "#/components/schemas/BodyBlockMap"}
    ),
    "a description": put("info", "description", value="Something else."),
    "a version": put("info", "version", value="0.9.0"),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_each_kind_of_break_is_found(committed: Document, name: str) -> None:
    later = copy.deepcopy(committed)
    BREAKS[name](later)
    assert later != committed
    assert breaks(committed, later)


@pytest.mark.parametrize("name", ADDITIONS)
def test_an_addition_is_no_break(committed: Document, name: str) -> None:
    later = copy.deepcopy(committed)
    ADDITIONS[name](later)
    assert later != committed
    assert breaks(committed, later) == []
