"""Responses held to the API's own description: every one that a test gets, by one hook in Django's test client."""

import json
import re
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema_rs
from django.http import HttpResponse

from frontend_api.openapi.document import document

ROOT = "/api/v2/"
Schema = dict[str, Any]


class Mismatch(AssertionError):
    """A response that is not what the description says."""


def check_response(method: str, address: str, response: HttpResponse) -> None:
    """Raise `Mismatch` unless `response`, to a request for `address`, is what the description says.

    With `fields=`, a form may lack what it has by default and a shorter one may have what a longer one has; all that
    is there still has its type.
    """
    parts = urlsplit(address)
    # Without a slash at the end, Django adds one. A browser's question for permission has an answer of its own.
    if (
        not parts.path.startswith(ROOT)
        or method == "OPTIONS"
        or parts.path == ROOT
        or response.status_code == 301
    ):
        return
    try:
        expected = _expected(method, parts.path, response.status_code)
        content_type = response.headers["Content-Type"].partition(";")[0]
        if "content" in expected and content_type not in expected["content"]:
            raise Mismatch(f"it is {content_type}")
        for name, header in expected.get("headers", {}).items():
            if header["required"] or name in response.headers:
                _check(_key(header["schema"]), False, response.headers.get(name))
        if method != "HEAD" and "content" in expected and content_type.endswith("json"):
            relaxed = "fields" in parse_qs(parts.query) and response.status_code == 200
            schema = expected["content"][content_type]["schema"]
            _check(_key(schema), relaxed, json.loads(response.content))
    except Mismatch as mismatch:
        raise Mismatch(f"{method} {address}: {response.status_code}, {mismatch}") from None


def _expected(method: str, path: str, status: int) -> Schema:
    described = operation(path)
    if described is None or method not in {"GET", "HEAD"}:
        wanted = 404 if described is None else 405
        if status != wanted:
            raise Mismatch(f"which has to be {wanted} here")
        problem = {"$ref": "#/components/schemas/Problem"}
        return {"content": {"application/problem+json": {"schema": problem}}}
    try:
        expected: Schema = described["responses"][str(status)]
    except KeyError:
        raise Mismatch("a status that is not described") from None
    return expected


def operation(path: str) -> Schema | None:
    described = _document()["paths"]
    path = path.rstrip("/")
    if path in described:
        return described[path]["get"]
    generic = re.sub(r"/\d+$", "/{id}", re.sub(r"-\d+\.xml$", "-{number}.xml", path))
    return described[generic]["get"] if generic in described else None


@cache
def _document() -> Schema:
    return document()


def _key(schema: Schema) -> str:
    return json.dumps(schema)


@cache
def _validator(schema: str, relaxed: bool) -> Any:
    whole = {**json.loads(schema), "components": _document()["components"]}
    return jsonschema_rs.Draft202012Validator(
        relax(whole) if relaxed else whole, validate_formats=True
    )


def _check(schema: str, relaxed: bool, value: Any) -> None:
    # Without a discriminator in JSON Schema, the shortest message is that of the branch that was meant.
    errors = list(_validator(schema, relaxed).iter_errors(value))
    if errors:
        raise Mismatch(
            "; ".join(
                f"at {'/'.join(map(str, error.instance_path)) or 'the root'}: {error.message[:600]}"
                for error in errors[:3]
            )
        )


def relax(whole: Schema) -> Schema:
    """Return the schemas of `whole` for responses to requests with `fields=`."""
    names = set(whole["components"]["schemas"])

    def longest(reference: str) -> str:
        place, _, name = reference.rpartition("/")
        for suffix in ("Detail", "InLibrary"):
            if name in {"Image", "Document"} and f"{name}{suffix}" in names:
                return f"{place}/{name}{suffix}"
        for suffix in ("Teaser", "Link"):
            if name.removesuffix(suffix) in names:
                name = name.removesuffix(suffix)
        return f"{place}/{name}"

    def named(schemas: Schema) -> Schema:
        return {name: of(schema) for name, schema in schemas.items()}

    def of(part: Any) -> Any:
        if isinstance(part, list):
            return [of(item) for item in part]
        if not isinstance(part, dict):
            return part
        changed = {}
        for name, value in part.items():
            if name == "$ref":
                changed[name] = longest(value)
            elif name == "properties":
                changed[name] = named(value)
            elif name not in {"required", "discriminator"}:
                changed["anyOf" if name == "oneOf" else name] = of(value)
        return changed

    schemas = named(whole["components"]["schemas"])
    for name, schema in schemas.items():
        whole_page = schemas.get(name.removesuffix("Found"), {})
        if name.endswith("Found") and "properties" in whole_page:
            schema["properties"] = {**schema["properties"], **whole_page["properties"]}
    own = {name: part for name, part in whole.items() if name != "components"}
    return {**of(own), "components": {"schemas": schemas}}
