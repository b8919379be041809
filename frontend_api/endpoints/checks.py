"""A Django check of the setting `FRONTEND_API`."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from frontend_api import conf
from frontend_api.introspection import page_type

from .collections import RESERVED


@register()
def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return `frontend_api.E010` for each unknown key of `FRONTEND_API`, and each value that cannot be used."""
    return [
        Error(mistake, hint="docs/adoption.md lists the keys.", id="frontend_api.E010")
        for mistake in (*conf.mistakes(), *_in_collections())
    ]


def _in_collections() -> Iterator[str]:
    for name, label in conf.collections().items():
        if name in RESERVED:
            yield f"{conf.NAME}: the API itself answers at {name}/; COLLECTIONS needs another path."
        elif page_type(label) is None:
            yield f"{conf.NAME}: COLLECTIONS names {label!r}, which is no page type, as in app.Model."
