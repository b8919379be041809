"""Schemas of what frontends pass on to search engines, feed readers and language models."""

from http import HTTPStatus
from typing import Any

from frontend_api.endpoints.discovery import feed_formats
from frontend_api.serialization.json_schema import DATE_TIME, STRING, Schema, array, constant

from . import parameters
from .components import Components
from .media import ADDRESS
from .operation import Operation, first_line

TEXT: Schema = {**STRING, "description": "A text, by the standard that its media type names."}


def _some(properties: dict[str, Schema], required: list[str]) -> Schema:
    """Return the schema of an object that leaves out what it has not, as JSON Feed wants it."""
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


_AUTHORS = array(_some({"name": STRING}, ["name"]))
_ITEM = _some(
    {
        "id": STRING,
        "url": ADDRESS,
        "external_url": ADDRESS,
        "title": STRING,
        "summary": STRING,
        "content_html": STRING,
        "image": ADDRESS,
        "date_published": DATE_TIME,
        "date_modified": DATE_TIME,
        "tags": array(STRING),
        "language": STRING,
    },
    ["id", "url", "content_html"],
)
JSON_FEED: Schema = {
    "description": "A feed by https://jsonfeed.org/version/1.1; what there is not is left out.",
    **_some(
        {
            "version": constant(feed_formats.JSON_FEED),
            "title": STRING,
            "home_page_url": ADDRESS,
            "feed_url": ADDRESS,
            "description": STRING,
            "language": STRING,
            "authors": _AUTHORS,
            "items": array(_ITEM),
        },
        ["version", "title", "items"],
    ),
}


def operation(view: Any, components: Components) -> Operation:
    """Return the operation of a text that frontends pass on."""
    form = view.content_type.partition(";")[0]
    is_json = form == feed_formats.CONTENT_TYPES[feed_formats.JSON]
    feed = components.named("JsonFeed", JSON_FEED) if is_json else TEXT
    return Operation(
        summary=first_line(type(view)),
        description="For the frontend to pass on. It is public, whoever asks, and in one form, whatever they accept.",
        response=feed,
        parameters=parameters.described(view.parameters),
        errors=(HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND),
        content_type=form,
    )
