"""The fields in a page's `meta` that tell its place and what it says of itself, with the schema of each."""

from collections.abc import Callable, Mapping

from frontend_api.serialization.json_schema import Schema, Types
from frontend_api.serialization.relations import Renderer

from . import about, place, schemas

OF_A_PAGE: Mapping[str, Renderer] = {
    "ancestors": place.ancestors,
    "translations": place.translations,
    "x_default": place.x_default,
    "seo": about.about,
}

SCHEMAS: Mapping[str, Callable[[Types], Schema]] = {
    "ancestors": schemas.ancestors,
    "translations": schemas.translations,
    "x_default": schemas.x_default,
    "seo": schemas.seo,
}
