"""Helpers that build JSON Schemas; a field or block that makes its own JSON describes its type with them.

>>> record({"label": STRING, "as_of": nullable(DATE)})
{'type': 'object', 'properties': {'label': {'type': 'string'}, 'as_of': {'type': ['string', 'null'], …}}, …}
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.db.models import Model

from .nested import Level

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
BOOLEAN: Schema = {"type": "boolean"}
INTEGER: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
NULL: Schema = {"type": "null"}
DATE: Schema = {"type": "string", "format": "date"}
DATE_TIME: Schema = {"type": "string", "format": "date-time"}
UUID: Schema = {"type": "string", "format": "uuid"}
# What says nothing of its type. Clients get it as it is.
ANY: Schema = {"description": "Any JSON."}


class Untyped(Exception):
    """Raised if something that an app declares to the API has no type; the message says why."""


def record(properties: Mapping[str, Schema], description: str = "") -> Schema:
    """Return the schema of an object with exactly these properties: an absent value is null, never missing."""
    schema: Schema = {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
    return {"description": description, **schema} if description else schema


def sparse(properties: Mapping[str, Schema], *required: str) -> Schema:
    """Return the schema of an object of somebody else's format, in which only the `required` properties must be."""
    return {**record(properties), "required": list(required)}


def array(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def mapping(values: Schema) -> Schema:
    """Return the schema of an object with any property names, whose values all have the schema `values`."""
    return {"type": "object", "additionalProperties": values}


def constant(value: Any) -> Schema:
    """Return the schema of one fixed string, such as the `type` that tells the members of a union apart."""
    return {"type": "string", "const": value}


def one_of_values(values: list[Any]) -> Schema:
    """Return the schema of an enumeration of strings, booleans, integers or None."""
    distinct = list(dict.fromkeys(values))
    names = {str: "string", bool: "boolean", int: "integer", type(None): "null"}
    types = list(dict.fromkeys(names[type(value)] for value in distinct))
    return {"type": types[0] if len(types) == 1 else types, "enum": distinct}


def union(members: list[Schema]) -> Schema:
    """Return the schema of a value that matches any of `members`."""
    distinct = [member for at, member in enumerate(members) if member not in members[:at]]
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}


def nullable(schema: Schema) -> Schema:
    """Return `schema`, widened to allow null."""
    kind = schema.get("type")
    if isinstance(kind, str) and "const" not in schema:
        if kind == "null":
            return schema
        wider = {**schema, "type": [kind, "null"]}
        if "enum" in schema:
            wider["enum"] = [*schema["enum"], None]
        return wider
    if isinstance(kind, list) and "null" in kind:
        return schema
    members = schema["anyOf"] if set(schema) == {"anyOf"} else [schema]
    return union([*members, NULL])


def discriminated(members: Mapping[str, Schema], description: str) -> Schema:
    """Return the schema of a union of named types, told apart by their property `type`."""
    return {
        "description": description,
        "oneOf": list(members.values()),
        "discriminator": {
            "propertyName": "type",
            "mapping": {name: member["$ref"] for name, member in members.items()},
        },
    }


class Types(Protocol):
    """The named types of one OpenAPI document, which a field or block refers to in its `json_schema`."""

    def named(
        self, name: str, describe: Schema | Callable[[], Schema], source: Any = None
    ) -> Schema:
        """Return a reference to the type `name`; `describe` is its schema, or a function that makes it if it is new.

        With a function, `source` is what the type is made from, such as a model. Two sources cannot share one name:
        that raises `Untyped`.
        """

    def of(self, model: type[Model], level: Level = Level.TEASER) -> Schema:
        """Return the type of an object of `model`; for a page model, a union of all page types it covers."""

    def image(self) -> Schema:
        """Return the type of an image."""

    def document(self) -> Schema:
        """Return the type of a document."""

    def embed(self) -> Schema:
        """Return the type of embedded media."""

    def link(self) -> Schema:
        """Return the type of a link."""
