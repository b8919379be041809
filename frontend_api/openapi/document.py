"""The OpenAPI document, made once for each process, since it depends only on the code."""

import json
from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from frontend_api.endpoints.base import ApiView


def document() -> dict[str, Any]:
    """Return the description of everything that is registered with the API.

    It could contain the labels of choices, so it is made in English whatever the language of the request.
    """
    with translation.override("en"):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


@cache
def as_json() -> bytes:
    """Return the document as JSON, in UTF-8."""
    return json.dumps(document(), ensure_ascii=False).encode()


def own_endpoints(endpoints: list[Any], **kwargs: Any) -> list[Any]:
    """Return the endpoints without those of Wagtail's admin API; for drf-spectacular's `PREPROCESSING_HOOKS`."""
    return [endpoint for endpoint in endpoints if issubclass(endpoint[3].cls, ApiView)]
