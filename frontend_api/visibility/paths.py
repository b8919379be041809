"""Finds the page that a path of the frontend leads to."""

from functools import cache
from typing import Any

from django.db.models import Q
from django.http import Http404
from wagtail.contrib.routable_page.models import RoutablePageMixin

from frontend_api.changes.tags import path_tags
from frontend_api.introspection import Page, page_types

from .perspective import Perspective
from .roots import url_paths_at


def page_at(perspective: Perspective, path: str) -> Page | None:
    """Return the visible page at a normalised path (`/`, `/a/b/`) as its specific type, or None.

    A path within a routable page, such as `/events/2030/`, leads to that page: as in Wagtail, from the top down, and
    before any page that has the path itself.
    """
    draft = perspective.draft
    if draft is not None and perspective.path(draft).strip("/") == path.strip("/"):
        return draft
    steps = path.strip("/").split("/")
    # Only where a project has routable pages does it matter what is above.
    above = range(len(steps)) if routable_types() else ()
    inside = {_path(steps[:end]): _path(steps[end:]) for end in above if steps[end]}
    found = _pages_at(perspective, [*inside, path])
    for place, rest in inside.items():
        for page in found[place]:
            if page.specific_class in routable_types():
                specific = next(iter(perspective.specific_pages([page.pk])), None)
                if specific is not None and has_route(specific, rest):
                    return specific
    return next(iter(perspective.specific_pages([page.pk for page in found[path][:1]])), None)


def page_in_another_case(perspective: Perspective, path: str) -> Page | None:
    """Return the visible page whose path is `path` but for capitals, as its specific type, or None."""
    asked = {path, path.lower()}
    url_paths = {found for one in asked for found in url_paths_at(perspective.roots, one)}
    alike = Q(url_path__in=url_paths)
    for url_path in url_paths:
        alike |= Q(url_path__iexact=url_path)
        perspective.dependencies.tags.update(path_tags(url_path))
    if not url_paths:
        return None
    pages = perspective.pages().filter(alike).order_by("pk").values_list("pk", flat=True)
    with perspective.dependencies.untracked():
        keys = list(pages[:1])
    return next(iter(perspective.specific_pages(keys)), None)


def _pages_at(perspective: Perspective, paths: list[str]) -> dict[str, list[Page]]:
    """Return the visible pages at each of several paths, that of the likeliest home first."""
    candidates = {path: url_paths_at(perspective.roots, path) for path in paths}
    overlay = perspective.draft_overlay
    # Drafts may change paths.
    stored = {
        stored_path
        for url_paths in candidates.values()
        for url_path in url_paths
        for stored_path in (overlay.stored_paths(url_path) if overlay else [url_path])
    }
    pages = perspective.pages().filter(url_path__in=stored).order_by("pk")
    with perspective.dependencies.untracked():
        rows = list(pages)
    at = {
        overlay.url_path(page.path, page.url_path) if overlay else page.url_path: page
        for page in reversed(rows)
    }
    for url_paths in candidates.values():
        # Showing a page notes it, and the log tells when it loses its path. But one may come where there is none, and,
        # where homes share a path, come before another.
        if len(url_paths) > 1 or not any(url_path in at for url_path in url_paths):
            for url_path in url_paths:
                perspective.dependencies.tags.update(path_tags(url_path))
    return {
        path: [at[url_path] for url_path in url_paths if url_path in at]
        for path, url_paths in candidates.items()
    }


def _path(steps: list[str]) -> str:
    return "/" + "".join(f"{step}/" for step in steps)


@cache
def routable_types() -> frozenset[Any]:
    """Return the page types that have paths of their own below them, as `RoutablePageMixin` gives them."""
    return frozenset(model for model in page_types() if issubclass(model, RoutablePageMixin))


def has_route(page: Any, inside: str) -> bool:
    """Return whether a routable page answers at a path within it."""
    try:
        page.resolve_subpage(inside)
    except Http404:
        return False
    return True
