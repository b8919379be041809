"""Describes `site/` as an OpenAPI operation."""

from typing import Any

from frontend_api.endpoints import site
from frontend_api.serialization.json_schema import BOOLEAN, STRING, Schema, array, record
from frontend_api.serialization.nested import Level
from frontend_api.visibility.site_settings import published_settings

from . import media, objects, parameters
from .components import Components
from .operation import Operation


def operation(view: Any, components: Components) -> Operation:
    """Return the operation of `site/`."""

    def describe() -> Schema:
        language = {
            "code": STRING,
            "name": STRING,
            "html_url": media.ADDRESS,
            "is_default": BOOLEAN,
        }
        shown: dict[str, Schema] = {
            "name": STRING,
            "root_url": media.ADDRESS,
            "locales": array(
                record(language, "A language of the site, with its home page on the frontend.")
            ),
        }
        for model in published_settings():
            form, _ = objects.properties(model, Level.DETAIL, components)
            shown |= {name: schema for name, schema in form.items() if name not in {"id", "meta"}}
        everything = (
            "The name in `Cache-Tag` that all answers have; a purge of it is one of everything."
        )
        always = {"locale": STRING, "tag_of_everything": {**STRING, "description": everything}}
        meta = record({**always, "draft": objects.draft_addresses(components)})
        shown["meta"] = {**meta, "required": [*always]}
        return record(shown, "What every page of a site needs.")

    return Operation(
        summary="What every page of a site needs.",
        description="Its name, address and languages, and all that its settings publish; one request for a whole "
        "website.",
        response=components.named("Site", describe),
        parameters=parameters.described(site.PARAMETERS),
    )
