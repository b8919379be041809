"""Makes links, as `{"url", "external"}`: a path on the page's own frontend, or a full URL elsewhere."""

from typing import Any

from frontend_api.visibility.perspective import Perspective

from .deferred import Deferred
from .loaders import pages


def external_link(url: str) -> dict[str, Any]:
    """Return a link to a URL elsewhere."""
    return {"url": url, "external": True}


def page_link(page_id: int | None, perspective: Perspective) -> Deferred | None:
    """Return a link to a page, or None without an id; it becomes None if the page is not visible."""
    if page_id is None:
        return None

    def build(page: Any) -> dict[str, Any] | None:
        return page and {"url": perspective.path(page), "external": False}

    return Deferred(build, (pages, page_id))
