"""The schema of the description itself: an OpenAPI document, limited to the parts of OpenAPI that are used here."""

from frontend_api.endpoints.discovery import feed_formats
from frontend_api.endpoints.discovery.llms import LlmsView
from frontend_api.endpoints.discovery.robots import RobotsView
from frontend_api.endpoints.discovery.sitemap import SitemapView
from frontend_api.endpoints.markdown_renderer import MEDIA_TYPE as MARKDOWN
from frontend_api.errors import PROBLEM_TYPE
from frontend_api.serialization.json_schema import (
    BOOLEAN,
    COUNT,
    NUMBER,
    STRING,
    Schema,
    array,
    constant,
    mapping,
    nullable,
    one_of_values,
    record,
    sparse,
    union,
)

from .components import Components

# The security scheme of the token that shows drafts, as defined in the settings of drf-spectacular.
CREDENTIAL = "credential"


def of_document(components: Components) -> Schema:
    """Return the schema of the document that `schema/` serves."""
    return components.named(
        "OpenApiDocument",
        lambda: record(
            {
                "openapi": constant("3.1.0"),
                "info": _info(),
                "servers": array(record({"url": STRING, "description": STRING})),
                "tags": array(record({"name": STRING, "description": STRING})),
                "paths": mapping(record({"get": _operation(components)})),
                "webhooks": mapping(record({"post": _webhook(components)})),
                "components": record(
                    {
                        "schemas": mapping(_json_schema(components)),
                        "examples": mapping(_example(components)),
                        "securitySchemes": record({CREDENTIAL: _credential()}),
                    }
                ),
            },
            "A description of an API, by the OpenAPI Specification.",
        ),
    )


def _info() -> Schema:
    return record(
        {
            "title": STRING,
            "version": STRING,
            "description": STRING,
            "contact": sparse({"name": STRING, "url": STRING, "email": STRING}),
            "license": sparse({"name": STRING, "url": STRING, "identifier": STRING}, "name"),
        }
    )


def _operation(components: Components) -> Schema:
    schema = _json_schema(components)
    parameter = sparse(
        {
            "name": STRING,
            "in": one_of_values(["path", "query", "header"]),
            "description": STRING,
            "required": BOOLEAN,
            "style": STRING,
            "explode": BOOLEAN,
            "schema": schema,
        },
        "name",
        "in",
        "schema",
    )
    content = _content(components)
    response = sparse(
        {
            "description": STRING,
            "headers": mapping(
                record({"description": STRING, "required": BOOLEAN, "schema": schema})
            ),
            "content": sparse(
                dict.fromkeys(
                    ("application/json", PROBLEM_TYPE, "text/html", *sorted(_texts())), content
                )
            ),
        },
        "description",
    )
    return record(
        {
            "operationId": STRING,
            "summary": STRING,
            "description": STRING,
            "tags": array(STRING),
            "parameters": array(parameter),
            "responses": mapping(response),
            "security": array(sparse({CREDENTIAL: array(STRING)})),
        }
    )


def _webhook(components: Components) -> Schema:
    content = record({"application/json": _content(components)})
    parameter = record(
        {
            "name": STRING,
            "in": constant("header"),
            "required": BOOLEAN,
            "schema": _json_schema(components),
            "description": STRING,
        }
    )
    return record(
        {
            "operationId": STRING,
            "summary": STRING,
            "description": STRING,
            "tags": array(STRING),
            "parameters": array(parameter),
            "requestBody": record({"required": BOOLEAN, "content": content}),
            "responses": mapping(record({"description": STRING})),
            "security": array(STRING),
        },
        "What is sent to recipients.",
    )


def _content(components: Components) -> Schema:
    examples = mapping(_example(components))
    return sparse({"schema": _json_schema(components), "examples": examples}, "schema")


def _example(components: Components) -> Schema:
    """Return the schema of an example, which stands here or, with `$ref`, elsewhere in the document."""
    return components.named(
        "Example",
        lambda: sparse({"$ref": STRING, "summary": STRING, "value": _any_json(components)}),
    )


def _any_json(components: Components) -> Schema:
    """Return the schema of any JSON with lists in lists at most.

    It names itself in objects alone: TypeScript knows no list of what is only just being said.
    """

    def describe() -> Schema:
        own = mapping(components.named("AnyJson", describe))
        flat = [nullable(STRING), NUMBER, BOOLEAN, own]
        return union([*flat, array(union([*flat, array(union(flat))]))])

    return components.named("AnyJson", describe)


def _texts() -> set[str]:
    """Return the media types of what is no JSON, and of feeds."""
    views = (SitemapView, RobotsView, LlmsView)
    named = (*feed_formats.CONTENT_TYPES.values(), *(view.content_type for view in views))
    return {MARKDOWN, *(form.partition(";")[0] for form in named)}


def _credential() -> Schema:
    return record(
        {"type": constant("http"), "scheme": constant("bearer"), "description": STRING},
        "How a request gives its credential.",
    )


def _json_schema(components: Components) -> Schema:
    def describe() -> Schema:
        own = components.named("JsonSchema", describe)
        value = nullable(union([STRING, NUMBER, BOOLEAN]))
        texts = ("$ref", "format", "title", "description", "pattern")
        limits = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
        counts = ("minLength", "maxLength", "minItems", "maxItems")
        return sparse(
            {
                **dict.fromkeys(texts, STRING),
                **dict.fromkeys(limits, NUMBER),
                **dict.fromkeys(counts, COUNT),
                **dict.fromkeys(("const", "default"), value),
                **dict.fromkeys(("anyOf", "oneOf", "allOf"), array(own)),
                "type": union([STRING, array(STRING)]),
                "enum": array(value),
                "items": own,
                "uniqueItems": BOOLEAN,
                "properties": mapping(own),
                "required": array(STRING),
                "additionalProperties": union([BOOLEAN, own]),
                "discriminator": record({"propertyName": STRING, "mapping": mapping(STRING)}),
            }
        )

    return components.named("JsonSchema", describe)
