"""Makes links, as `{"url", "external"}`: a path on the page's own frontend, or a full URL elsewhere."""

from collections.abc import Mapping
from typing import Any

from frontend_api.visibility.other_sites import PageElsewhere, pages_elsewhere
from frontend_api.visibility.perspective import Perspective

from .deferred import Deferred, Need
from .loaders import pages


def external_link(url: str) -> dict[str, Any]:
    """Return a link to a URL elsewhere."""
    return {"url": url, "external": True}


def _elsewhere(perspective: Perspective, keys: set[Any]) -> Mapping[Any, PageElsewhere]:
    """Fetch pages that other sites show: the loader of links whose page this site does not."""
    return pages_elsewhere(perspective, keys)


def elsewhere(page_id: Any) -> Need:
    """Return the need for a page as another site shows it, for a link whose page this site does not show."""
    return _elsewhere, page_id


def page_link(page_id: int | None, perspective: Perspective) -> Deferred | None:
    """Return a link to a page, or None without an id; it becomes None if the page is not visible.

    A page that another site shows is linked by its full URL there.
    """
    if page_id is None:
        return None

    def build(page: Any) -> dict[str, Any] | Deferred:
        if page is None:
            return Deferred(lambda found: found and external_link(found.url), elsewhere(page_id))
        return {"url": perspective.path(page), "external": False}

    return Deferred(build, (pages, page_id))
