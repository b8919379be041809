"""The headers of security and of caches: who may frame a page, what it may load, and who may keep it.

A page that readers see is framed by nobody and runs no script but that of the search, from here. A preview is framed by
the CMS alone, and loads Wagtail's user bar from there where it is framed. The two sides of a comparison are framed by
the comparison.
"""

import hashlib
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from . import settings

CMS_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(settings.CMS_URL))
VIDEOS = ("https://www.youtube-nocookie.com", "https://player.vimeo.com")
# A draft is for those who were given it: not for caches, not for search engines, not for the next site's logs.
PRIVATE = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}

ICONS = {"Cache-Control": "public, max-age=86400"}
# Nothing tells a cache between here and the reader of a change, so that each asks whether what it has still holds. With
# a cookie of a preview the same address shows something else.
KEPT_BY_ASKING = {"Cache-Control": "public, max-age=0, must-revalidate", "Vary": "Cookie"}


def revalidated(request: Request, response: Response) -> Response:
    """Return what readers see with a tag by which a cache asks whether it still holds, or just that it does."""
    if response.status_code >= 500:
        response.headers["Cache-Control"] = "no-store"
        return response
    tag = f'W/"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
    headers = {**KEPT_BY_ASKING, "ETag": tag}
    known = request.headers.get("If-None-Match", "")
    if response.status_code == 200 and tag in [one.strip() for one in known.split(",")]:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


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
