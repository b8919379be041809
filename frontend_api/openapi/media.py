"""Schemas of images, documents, embeds and links; the modules of these names in `serialization` make their JSON."""

from collections.abc import Mapping

from django.db.models import Model

from frontend_api.serialization.json_schema import (
    BOOLEAN,
    COUNT,
    INTEGER,
    NUMBER,
    STRING,
    Schema,
    array,
    constant,
    nullable,
    record,
)

ADDRESS: Schema = {"type": "string", "format": "uri"}
FILE_ADDRESS: Schema = {
    "type": "string",
    "format": "uri-reference",
    "description": "Where the original is, as its storage says it: it may be a path alone.",
}

IMAGE = record(
    {
        "id": COUNT,
        "title": STRING,
        "alt": {**STRING, "description": "The alternative text; empty for a decorative image."},
        "width": COUNT,
        "height": COUNT,
        "focal_point": nullable(
            record({"x": NUMBER, "y": NUMBER}, "In fractions of the picture shown.")
        ),
        "src": ADDRESS,
        "sources": array(
            record(
                {
                    "type": {**STRING, "description": "A media type, the smallest files first."},
                    "srcset": array(record({"url": ADDRESS, "width": COUNT})),
                }
            )
        ),
        "placeholder": nullable({**STRING, "description": "A tiny picture, as a `data:` address."}),
    },
    "An image of a public collection, in the renditions of the use that its place has.",
)
DOCUMENT = record(
    {
        "id": COUNT,
        "title": STRING,
        "url": ADDRESS,
        "filename": STRING,
        "extension": STRING,
        "size": nullable({**COUNT, "description": "In bytes."}),
    },
    "A file to download.",
)
EMBED = record(
    {
        "url": STRING,
        "title": STRING,
        "provider": STRING,
        "html": nullable(STRING),
        "width": nullable(INTEGER),
        "height": nullable(INTEGER),
        "thumbnail_url": nullable(STRING),
    },
    "Embedded media; `html` is null until its provider has been asked.",
)
LINK = record(
    {"url": STRING, "external": BOOLEAN},
    "A path on the page's own frontend, or a whole address elsewhere.",
)


def medium(
    form: Schema,
    model: type[Model],
    more: Mapping[str, Schema] = {},
    meta: Mapping[str, Schema] = {},
) -> Schema:
    """Return the schema of an image or document: `form`, `more` fields, and what `meta` has besides."""
    shown = {
        "type": constant(model._meta.label),
        "detail_url": ADDRESS,
        **meta,
        "download_url": FILE_ADDRESS if form is IMAGE else ADDRESS,
    }
    return record({**form["properties"], **more, "meta": record(shown)}, form["description"])
