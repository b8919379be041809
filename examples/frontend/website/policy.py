"""The headers of security: who may frame a page, and what it may load.

A page that readers see is framed by nobody and runs no script but that of the search, from here. A preview is framed by
the CMS alone, and loads Wagtail's user bar from there where it is framed. The two sides of a comparison are framed by
the comparison.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.requests import Request

from . import settings

CMS_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(settings.CMS_URL))
VIDEOS = ("https://www.youtube-nocookie.com", "https://player.vimeo.com")
# A draft is for those who were given it: not for caches, not for search engines, not for the next site's logs.
PRIVATE = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


def is_framed(request: Request) -> bool:
    """Tell whether a page may be shown in a frame; browsers that do not say may be showing it in one."""
    return request.headers.get("Sec-Fetch-Dest", "iframe") != "document"


def policy(
    ancestors: str = "'none'", *, user_bar: bool = False, frames: Sequence[str] = VIDEOS
) -> str:
    """Return the Content-Security-Policy of a page that `ancestors` may frame."""
    directives = [
        "default-src 'self'",
        f"img-src 'self' data: https: {CMS_ORIGIN}",
        f"frame-src {' '.join(frames)}",
        f"frame-ancestors {ancestors}",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
    ]
    if user_bar:
        directives += [f"{kind}-src 'self' {CMS_ORIGIN}" for kind in ("connect", "script", "style")]
    return "; ".join(directives)


PUBLIC = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def of_preview(request: Request) -> dict[str, str]:
    """Return the headers of what is shown while a preview is open, errors included."""
    framed = is_framed(request)
    return {**PRIVATE, "Content-Security-Policy": policy(CMS_ORIGIN, user_bar=framed)}
