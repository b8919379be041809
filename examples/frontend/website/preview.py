"""Previews: the token that the CMS puts into an address becomes a cookie, and the address a clean one.

The cookie is sent back for one path only and says which draft stands there. So several drafts can be open at once,
and no token ends up in a history, a log or a `Referer` header.
"""

import hashlib
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .api import Api, path_of

MAX_AGE_SECONDS = 3600
# A draft is for the editor's eyes: not for caches, not for search engines, not for the next site's logs.
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


def cookie_name(path: str) -> str:
    """Return the name of the cookie for the draft at `path`.

    A browser sends the cookies of `/` and `/programmes/` with `/programmes/a/`, all at once: each has its own name.
    """
    return f"preview-{hashlib.sha256(path.encode()).hexdigest()[:8]}"


async def enter(request: Request, api: Api) -> Response:
    """Exchange the token in the address for a cookie; raises what the API raises for one that it refuses."""
    content_type = request.query_params.get("content_type", "")
    token = request.query_params.get("token", "")
    return remember(request, path_of(await api.preview(content_type, token)), content_type, token)


def remember(request: Request, path: str, content_type: str, token: str) -> Response:
    """Redirect to the draft's own path with a cookie that says which draft it is."""
    response = RedirectResponse(path, status_code=303, headers=HEADERS)
    response.set_cookie(
        cookie_name(path),
        urlencode({"content_type": content_type, "token": token}),
        max_age=MAX_AGE_SECONDS,
        path=quote(path),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


def remembered(request: Request) -> dict[str, str] | None:
    """Return `{"content_type", "token"}` of the draft at the request's path, or None."""
    cookie = request.cookies.get(cookie_name(request.url.path))
    if cookie is None:
        return None
    values: dict[str, Any] = parse_qs(cookie)
    return {name: values.get(name, [""])[0] for name in ("content_type", "token")}


def forget(response: Response, path: str) -> Response:
    """Delete the cookie of the draft at `path`."""
    response.delete_cookie(cookie_name(path), path=quote(path), httponly=True, samesite="lax")
    return response


def leave(request: Request) -> Response:
    """Show the published page again."""
    path = local_path(request.query_params.get("path", "/"))
    return forget(RedirectResponse(path, status_code=303, headers=HEADERS), path)


def local_path(path: str) -> str:
    """Return `path` if it is one of this website, or else `/`.

    `//host` and `/\\host` are addresses of other hosts to a browser, and control characters are passed over by it.
    """
    is_local = path.startswith("/") and not path.startswith("//")
    is_plain = path.isprintable() and not set(path) & set("\\;?#")
    return path if is_local and is_plain else "/"
