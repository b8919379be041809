"""The home pages of a site, one for each of its languages, and where its frontend has the pages below them.

As in Wagtail, the translations of a site's home page are homes, too, if the setting `WAGTAIL_I18N_ENABLED` is on; one
that has a site of its own belongs to that. The frontend has pages where Wagtail would serve them: with `i18n_patterns`
around its URLs, those in French begin with `/fr/`.
"""

from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import or_
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils import translation
from wagtail.models import Site

from frontend_api.changes.sites import has_translated_homes
from frontend_api.changes.versions import State
from frontend_api.dependencies.memo import facts
from frontend_api.dependencies.tracker import Dependencies
from frontend_api.introspection import Page


class Root(NamedTuple):
    """A home page: its id, place in the tree, URL path (`/home/`), path on the frontend (`/fr/`), and language."""

    pk: int
    path: str
    url_path: str
    prefix: str
    locale_id: int

    def path_of(self, url_path: str) -> str:
        """Return the path on the frontend of a page at or below this home, given its URL path."""
        path = self.prefix + url_path[len(self.url_path) :]
        # Wagtail's own addresses have no slash at their ends if this setting says so.
        return path if _appends_slash() else path.rstrip("/") or "/"


def roots_of(site: Site) -> tuple[Root, ...]:
    """Return the home page of a site, and those of its translations that have no site of their own."""
    home = site.root_page
    if not has_translated_homes():
        return (Root(home.pk, home.path, home.url_path, _prefix_in(None), home.locale_id),)
    translated = Page.objects.filter(translation_key=home.translation_key).exclude(pk=home.pk)
    rows = (
        (translated.filter(sites_rooted_here__isnull=True) | Page.objects.filter(pk=home.pk))
        .order_by("path")
        .values_list("pk", "path", "url_path", "locale__language_code", "locale_id")
    )
    roots = [
        Root(pk, path, url_path, _prefix_in(code), locale)
        for pk, path, url_path, code, locale in rows
    ]
    # The site's own home comes first: where two homes have the same path, it is found.
    return tuple(sorted(roots, key=lambda root: root.pk != home.pk))


def known_roots(site: Site, state: State | None, dependencies: Dependencies) -> tuple[Root, ...]:
    """Return `roots_of` a site, remembered for as long as they hold."""
    if not has_translated_homes():
        return roots_of(site)
    key = "roots", site.root_page_id, get_urlconf(), get_script_prefix()
    known = facts.recall(key, state)
    if known is not None:
        places: tuple[Root, ...] = known.value
        return places
    found_now = Dependencies()
    with dependencies.untracked(), found_now.tracking(), found_now.tracking_selection():
        places = roots_of(site)
    # As with what is hidden, a change of a home page is logged with tags for everything below it.
    facts.keep(key, places, state, found_now)
    return places


def root_of(roots: Iterable[Root], path: str) -> Root:
    """Return the one of `roots` at or above a place in the tree; the first for a page outside all of them."""
    first, *others = roots
    return next((root for root in others if path.startswith(root.path)), first)


def paths_of(roots: Iterable[Root]) -> tuple[str, ...]:
    """Return the places in the tree of `roots`."""
    return tuple(root.path for root in roots)


def below(paths: Iterable[str]) -> Q:
    """Return the condition that a page is at or below one of these places in the tree."""
    first, *others = (Q(path__startswith=path) for path in paths)
    return reduce(or_, others, first)


def url_paths_at(roots: Iterable[Root], path: str) -> list[str]:
    """Return the URL paths that a page at a path of the frontend (`/fr/a/`) may have, the likeliest first."""
    found: list[Any] = [
        (len(root.prefix), root.url_path + path[len(root.prefix) :])
        for root in roots
        if path.startswith(root.prefix)
    ]
    # A longer prefix says more.
    return [url_path for _, url_path in sorted(found, key=lambda pair: -pair[0])]


def _prefix_in(language: str | None) -> str:
    return _prefix(language, get_urlconf(), get_script_prefix())


@lru_cache(maxsize=64)
def _prefix(language: str | None, urlconf: str | None, script_prefix: str) -> str:
    """Return the path at which Wagtail would serve a home page in a language; `/` if it serves no pages."""
    with translation.override(language or settings.LANGUAGE_CODE):
        try:
            return reverse("wagtail_serve", args=("",))
        except NoReverseMatch:
            return "/"


def _appends_slash() -> bool:
    return bool(getattr(settings, "WAGTAIL_APPEND_SLASH", True))
