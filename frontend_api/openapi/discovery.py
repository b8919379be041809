"""Schemas of what frontends pass on to search engines, feed readers and language models."""

from frontend_api.endpoints.discovery import feed_formats
from frontend_api.serialization.json_schema import DATE_TIME, STRING, Schema, array, constant

from .media import ADDRESS

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
