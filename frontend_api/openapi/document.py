"""The OpenAPI document, made once for each process, since it depends only on the code and the settings."""

import json
import threading
import weakref
from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.settings import patched_settings

from frontend_api import conf
from frontend_api.endpoints.base import ApiView

from . import examples
from .meta_schema import CREDENTIAL
from .operations import ApiSchema
from .tags import about_tag, in_order
from .webhooks import TAG, schemas, webhooks

# drf-spectacular has one set of settings for a process.
_lock = threading.Lock()


class Endpoints(EndpointEnumerator):
    """Finds the endpoints of the API, which a project's own description leaves out."""

    def should_include_endpoint(self, path: str, callback: Any) -> bool:
        """Return whether an address is an endpoint of the API, in its form without a slash at the end."""
        return not path.endswith("/") and issubclass(getattr(callback, "cls", object), ApiView)


class Generator(SchemaGenerator):
    """Describes the API and nothing else that a project has, whatever its `SPECTACULAR_SETTINGS` say."""

    endpoint_inspector_cls = Endpoints

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self._schemas: list[ApiSchema] = []

    def get_schema(self, request: Any = None, public: bool = False) -> dict[str, Any]:
        """Return the description.

        It could contain the labels of choices, so it is made in English whatever the language of the request.
        """
        with _lock, patched_settings(_settings()), translation.override("en"):
            made: dict[str, Any] = super().get_schema(request, public)  # type: ignore[no-untyped-call]
            sent = webhooks()
            examples.add(path["get"] for path in made["paths"].values())
            examples.add(path["post"] for path in sent.values())
            components = {**made.pop("components"), "examples": examples.shared()}
        used = {tag for path in made["paths"].values() for tag in path["get"]["tags"]}
        components["schemas"] = dict(sorted({**components["schemas"], **schemas()}.items()))
        # drf-spectacular leaves out what is empty, and puts what it adds at the end.
        info = {**made.pop("info"), "contact": conf.contact(), "license": conf.license()}
        return {
            "openapi": made.pop("openapi"),
            "info": info,
            "servers": [{"url": "/", "description": "Where this description is."}],
            "tags": [
                {"name": tag, "description": about_tag(tag)} for tag in in_order({*used, TAG})
            ],
            **made,
            "webhooks": sent,
            "components": components,
        }

    def create_view(self, callback: Any, method: str, request: Any = None) -> Any:
        """Return the view of an endpoint, described by `ApiSchema`, whatever the project's default is."""
        view = super().create_view(callback, method, request)  # type: ignore[no-untyped-call]
        schema = ApiSchema()
        schema.view = view
        # Each keeps the other: without a weak reference, neither would ever go.
        self._schemas.append(schema)
        view.schema = weakref.proxy(schema)
        return view


def _settings() -> dict[str, Any]:
    return {
        "OAS_VERSION": "3.1.0",
        "TITLE": conf.title(),
        "DESCRIPTION": "Everything is `GET` and JSON. `docs/api.md` explains it in words.",
        "VERSION": conf.version(),
        "PREPROCESSING_HOOKS": [],
        "APPEND_COMPONENTS": {
            "securitySchemes": {
                CREDENTIAL: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A preview's or a shared draft's token, to see more than is public.",
                }
            }
        },
        # The types are exact as they are.
        "POSTPROCESSING_HOOKS": [],
    }


def document() -> dict[str, Any]:
    """Return the description of everything that is registered with the API."""
    return Generator().get_schema(request=None, public=True)


@cache
def as_json() -> bytes:
    """Return the document as JSON, in UTF-8."""
    return json.dumps(document(), ensure_ascii=False).encode()
