"""The examples in the API's description are of the types that it says, and errors are those that one gets."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from frontend_api.openapi import examples
from frontend_api.openapi.checks import check_examples

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[3]
ERRORS = (
    "BadCredential",
    "NoSuchSite",
    "NotAcceptable",
    "QueryTooLong",
    "TookTooLong",
    "DatabaseGone",
)


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The document without a plugin, as it is in the repository."""
    found: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    return found


def bodies(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each body that is answered or sent, with what it is of."""
    for path, methods in described["paths"].items():
        for status, response in methods["get"]["responses"].items():
            for form, content in response.get("content", {}).items():
                yield f"{path} {status} {form}", content
    for name, methods in described["webhooks"].items():
        yield name, methods["post"]["requestBody"]["content"]["application/json"]


def test_every_answer_has_examples(described: dict[str, Any]) -> None:
    assert [place for place, content in bodies(described) if not content.get("examples")] == []


def test_examples_are_what_the_schemas_say(described: dict[str, Any]) -> None:
    shared = described["components"]["examples"]
    assert tuple(shared) == ERRORS
    checked = 0
    for place, content in bodies(described):
        schema = {**content["schema"], "components": described["components"]}
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        for example in content.get("examples", {}).values():
            if "$ref" in example:
                example = shared[example["$ref"].removeprefix("#/components/examples/")]
            errors = [error.message for error in validator.iter_errors(example["value"])]
            assert errors == [], (place, example["summary"])
            checked += 1
    assert checked > 100


def test_what_the_project_says_is_shown(described: dict[str, Any]) -> None:
    told = json.loads((ROOT / "docs" / "api-examples.json").read_text(encoding="utf-8"))
    operations = {one["get"]["operationId"]: one["get"] for one in described["paths"].values()}
    sent = {one["post"]["operationId"]: one["post"] for one in described["webhooks"].values()}
    assert set(told) == {*operations, *sent}
    for name, statuses in told.items():
        for status, forms in statuses.items():
            body = (
                sent[name]["requestBody"]
                if status == "request"
                else operations[name]["responses"][status]
            )
            for form, ones in forms.items():
                assert body["content"][form]["examples"].items() >= ones.items()


@pytest.mark.django_db
def test_an_error_is_what_one_gets(client: Client, described: dict[str, Any]) -> None:
    shared = described["components"]["examples"]
    for path, methods in described["paths"].items():
        operation = methods["get"]
        address = path.replace("{id}", "1").replace("{number}", "1")
        names = {one["name"] for one in operation["parameters"]}
        for status, query, headers in (
            (400, {"limit": "101"} if "limit" in names else {"colour": "blue"}, {}),
            (401, {}, {"authorization": "Bearer nonsense"}),
            (404, {"site": "www.example.com"}, {}),
            (406, {}, {"accept": "application/xml"}),
            (414, {"x": "x" * 9_000}, {}),
        ):
            response = operation["responses"].get(str(status))
            # Without a token, a preview is refused before anything else.
            is_of_site = "site" in names and not path.endswith("preview")
            if response is None or (status == 404 and not is_of_site):
                continue
            shown = next(iter(response["content"]["application/problem+json"]["examples"].values()))
            if "$ref" in shown:
                shown = shared[shown["$ref"].removeprefix("#/components/examples/")]
            if status in (400, 404) and "q" in names:
                query["q"] = "a"
            if status == 404 and path.endswith("find"):
                query["id"] = "1"
            given = client.get(address, query, headers=headers)
            assert (given.status_code, given.json()) == (status, shown["value"]), address


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "No such file"),
        ("{", "cannot be read"),
        ("[]", "no object of operations"),
        ('{"pages_list": {"200": {"application/json": {"one": "text"}}}}', "no object of"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    settings: Any, tmp_path: Path, text: str | None, says: str
) -> None:
    path = tmp_path / "examples.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    settings.FRONTEND_API = {"EXAMPLES": str(path)}
    with pytest.raises(ImproperlyConfigured, match=says):
        examples.add([])
    (message,) = check_examples(None)
    assert message.id == "frontend_api.E016"
    assert str(path) in message.msg
    assert says in message.msg


def test_without_a_file_errors_are_shown(settings: Any) -> None:
    settings.FRONTEND_API = {}
    assert check_examples(None) == []
    operation: dict[str, Any] = {
        "operationId": "site_show",
        "parameters": [],
        "responses": {
            "200": {"content": {"application/json": {"schema": {}}}},
            "304": {},
            "400": {"content": {"application/problem+json": {"schema": {}}}},
            "503": {"content": {"application/problem+json": {"schema": {}}}},
        },
    }
    examples.add([operation])
    answered = operation["responses"]
    assert answered["200"] == {"content": {"application/json": {"schema": {}}}}
    assert answered["304"] == {}
    (shown,) = answered["400"]["content"]["application/problem+json"]["examples"].values()
    assert shown["value"]["errors"][0]["parameter"] == "colour"
    assert list(answered["503"]["content"]["application/problem+json"]["examples"]) == [
        "TookTooLong",
        "DatabaseGone",
    ]
