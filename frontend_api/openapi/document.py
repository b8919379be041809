"""The whole document, made once and kept: it depends on nothing but the code."""

import json
from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from frontend_api.endpoints.base import ApiView


def document() -> dict[str, Any]:
    """Return the document of everything that is registered with the API.

    Texts of choices could be in it, so it is made in one language whatever the request has.
    """
    with translation.override("en"):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


@cache
def as_json() -> bytes:
    """Return the document as it is sent."""
    return json.dumps(document(), ensure_ascii=False).encode()


def own_endpoints(endpoints: list[Any], **kwargs: Any) -> list[Any]:
    """Leave out the API of Wagtail's admin, for drf-spectacular's `PREPROCESSING_HOOKS`."""
    return [endpoint for endpoint in endpoints if issubclass(endpoint[3].cls, ApiView)]
