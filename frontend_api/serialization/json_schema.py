"""The parts that JSON Schemas are put together from; a field or block of its own form says its type with them.

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


class Untyped(Exception):
    """Something that an app declares to the API has no type; the message says what, and how to give it one."""


def record(properties: Mapping[str, Schema], description: str = "") -> Schema:
    """Return the schema of an object that has all these properties and no other: absent is null, never missing."""
    schema: Schema = {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
    return {"description": description, **schema} if description else schema


def array(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def mapping(values: Schema) -> Schema:
    """Return the schema of an object with any names, whose values are alike."""
    return {"type": "object", "additionalProperties": values}


def constant(value: Any) -> Schema:
    """Return the schema of one text: the one that tells the members of a union apart."""
    return {"type": "string", "const": value}


def one_of_values(values: list[Any]) -> Schema:
    """Return the schema of a few fixed texts or numbers, and null where it is among them."""
    distinct = list(dict.fromkeys(values))
    names = {str: "string", bool: "boolean", int: "integer", type(None): "null"}
    types = list(dict.fromkeys(names[type(value)] for value in distinct))
    return {"type": types[0] if len(types) == 1 else types, "enum": distinct}


def union(members: list[Schema]) -> Schema:
    """Return the schema of whatever one of `members` describes."""
    distinct = [member for at, member in enumerate(members) if member not in members[:at]]
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}


def nullable(schema: Schema) -> Schema:
    """Return `schema`, or null."""
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
    """Return the schema of a union of named types whose property `type` says which of them it is."""
    return {
        "description": description,
        "oneOf": list(members.values()),
        "discriminator": {
            "propertyName": "type",
            "mapping": {name: member["$ref"] for name, member in members.items()},
        },
    }


class Types(Protocol):
    """The named types of one description of the API, as a field or block refers to them in its `json_schema`."""

    def named(
        self, name: str, describe: Schema | Callable[[], Schema], source: Any = None
    ) -> Schema:
        """Return the reference to the type `name`; `describe` is its schema, or makes it when it is new.

        `source` is what the type is made from where a schema is not given, such as a model: two of them cannot have
        one name.
        """

    def of(self, model: type[Model], level: Level = Level.TEASER) -> Schema:
        """Return the type of an object of `model`; of pages, a union of all types that a `model` can be."""

    def image(self) -> Schema:
        """Return the type of an image."""

    def document(self) -> Schema:
        """Return the type of a document."""

    def embed(self) -> Schema:
        """Return the type of embedded media."""

    def link(self) -> Schema:
        """Return the type of a link."""
