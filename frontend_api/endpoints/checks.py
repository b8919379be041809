"""A Django check of the setting `FRONTEND_API`."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from frontend_api import conf
from frontend_api.introspection import page_type

from .collections import RESERVED


@register()
def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return `frontend_api.E010` for each unknown key of `FRONTEND_API`, and each value that cannot be used."""
    return [
        Error(mistake, hint="docs/adoption.md lists the keys.", id="frontend_api.E010")
        for mistake in (*_mistakes(), *_in_collections())
    ]


def _mistakes() -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with the setting; `images.uses` sees to those."""
    given = getattr(settings, conf.NAME, {})
    if not isinstance(given, Mapping):
        yield f"{conf.NAME} is a {type(given).__name__}, and no dict."
        return
    for name, value in given.items():
        if name not in conf.DEFAULTS:
            nearest = get_close_matches(str(name).upper(), conf.DEFAULTS, n=1)
            meant = (
                f"did you mean {nearest[0]!r}?"
                if nearest
                else f"it has {', '.join(conf.DEFAULTS)}."
            )
            yield f"{conf.NAME} has no key {name!r}; {meant}"
        elif not conf.is_usable(name, value):
            yield f"{conf.NAME}: {name} is {value!r}; its default is {conf.DEFAULTS[name]!r}."
        elif name == "PATHS":
            yield from _mistakes_in_paths(value)


def _mistakes_in_paths(given: Any) -> Iterator[str]:
    if not isinstance(given, Mapping):
        yield f"{conf.NAME}: PATHS is a {type(given).__name__}, and no dict."
        return
    for name, value in given.items():
        if name == "FRONTEND":
            if not conf.are_paths(value):
                yield f"{conf.NAME}: PATHS: FRONTEND is {value!r}; it is a list of paths, such as ['/search/']."
        elif name not in conf.PATH_RULES:
            yield f"{conf.NAME}: PATHS has no key {name!r}; it has {', '.join(conf.PATH_RULES)} and FRONTEND."
        elif value not in conf.PATH_RULES[name]:
            known = " or ".join(map(repr, conf.PATH_RULES[name]))
            yield f"{conf.NAME}: PATHS: {name} is {value!r}; it takes {known}."


def _in_collections() -> Iterator[str]:
    for name, label in conf.collections().items():
        if name in RESERVED:
            yield f"{conf.NAME}: the API itself answers at {name}/; COLLECTIONS needs another path."
        elif page_type(label) is None:
            yield f"{conf.NAME}: COLLECTIONS names {label!r}, which is no page type, as in app.Model."
