"""One address for a page: without doubled slashes, and with a slash at its end."""

import re
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .api import JSON, path_of


def tidy(path: str) -> str:
    """Return a path with single slashes, one at each end: `//a//b` as `/a/b/`."""
    return re.sub("/+", "/", f"/{path}/")


def redirect_to_own(request: Request, page: JSON) -> Response | None:
    """Return a redirect to the address of a page, if the one that was asked for differs from it by slashes alone."""
    asked, own = request.url.path, path_of(page)
    if unquote(asked) == unquote(own) or tidy(unquote(asked)) != tidy(unquote(own)):
        return None
    return redirect(request, own)


def redirect(request: Request, path: str) -> Response:
    """Return a redirect for good to a path of this website, with the query that was asked."""
    query = request.url.query
    return RedirectResponse(f"{path}?{query}" if query else path, status_code=301)
