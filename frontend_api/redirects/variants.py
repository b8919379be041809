"""Other ways of writing a path that are taken for the same, where the project's setting says so."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO

from frontend_api import conf
from frontend_api.visibility.paths import page_at, page_in_another_case
from frontend_api.visibility.perspective import Perspective

INDEXES = frozenset({"index.html", "index.htm", "index.php", "index.asp", "index.aspx"})


def written_otherwise(perspective: Perspective, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the other paths that a path may stand for, each with the page there, or None."""
    for other in _paths(perspective, path):
        if other != path:
            yield other, page_at(perspective, other)
        if conf.path_rule("CASE") == conf.REDIRECT:
            page = page_in_another_case(perspective, other)
            if page is not None:
                yield other, page


def _paths(perspective: Perspective, path: str) -> Iterator[str]:
    shorter = _without_index(path)
    plain = [path] if shorter is None else [path, shorter]
    yield from plain
    if conf.path_rule("LOCALE") == conf.REDIRECT:
        for one in plain:
            yield from _in_other_locales(perspective, one)


def _without_index(path: str) -> str | None:
    if conf.path_rule("INDEX") != conf.REDIRECT:
        return None
    before, _, last = path.strip("/").rpartition("/")
    if last.lower() not in INDEXES:
        return None
    return f"/{before}/" if before else "/"


def _in_other_locales(perspective: Perspective, path: str) -> Iterator[str]:
    """Yield a path without a language that the site has no more, and with those that it has now."""
    prefixes = list(dict.fromkeys(root.prefix for root in perspective.roots))
    first, _, rest = path.strip("/").partition("/")
    if any(path.startswith(prefix) for prefix in prefixes if prefix != "/"):
        return
    bare = f"/{rest}/" if rest else "/"
    known = {code.lower() for code in (*LANG_INFO, *dict(settings.LANGUAGES))}
    for plain in (bare, path) if first.lower() in known else (path,):
        for prefix in prefixes:
            yield f"{prefix}{plain.removeprefix('/')}"
