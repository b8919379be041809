"""What the API makes for this website to pass on: sitemap, robots.txt, feeds, llms.txt, and pages as Markdown.

All of it is public: whoever holds a credential gets it as everybody does.
"""

import re

from starlette.requests import Request
from starlette.responses import Response

from .api import Api, NotFound, Text

MARKDOWN = "text/markdown"
ENDING = ".md"
_FEED = re.compile(r"[a-z0-9-]+\.(?:atom|rss|json)")
_PAGES = (MARKDOWN, "text/html", "application/xhtml+xml")


async def text(request: Request) -> Response:
    """Pass on a text that has the same path here as below the API."""
    path = request.url.path.strip("/")
    named = request.query_params.get("locale", "")[:20]
    api: Api = request.app.state.api
    return _passed_on(request, await api.text(path, {"locale": named} if named else {}))


async def feed(request: Request) -> Response:
    """Pass on a feed."""
    if not _FEED.fullmatch(request.path_params["name"]):
        raise NotFound(request.url.path)
    return await text(request)


async def markdown(request: Request, path: str) -> Response:
    """Return the page at a path as Markdown."""
    api: Api = request.app.state.api
    return _passed_on(request, await api.text("pages/find/", {"html_path": path}, MARKDOWN))


def page_path(path: str) -> str | None:
    """Return the path of the page that is Markdown at `/programmes/a-slug.md`, or None for any other address."""
    if not path.endswith(ENDING):
        return None
    return path.removesuffix(ENDING).removesuffix("index").rstrip("/") + "/"


def markdown_path(path: str) -> str:
    """Return the address at which a page is Markdown: `/programmes/a-slug.md`, and `/index.md` for the home page."""
    return f"{path.rstrip('/') or '/index'}{ENDING}"


def prefers_markdown(header: str) -> bool:
    """Return whether an `Accept` header has Markdown before a page of HTML."""
    weights: list[tuple[float, str]] = []
    for part in header.lower().split(","):
        kind, _, parameters = part.partition(";")
        found = re.search(r"\bq\s*=\s*([01](?:\.\d{0,3})?)", parameters)
        weights.append((float(found[1]) if found else 1, kind.strip()))
    liked = sorted(
        (pair for pair in weights if pair[0] and pair[1] in _PAGES), key=lambda one: -one[0]
    )
    return bool(liked) and liked[0][1] == MARKDOWN


def _passed_on(request: Request, said: Text) -> Response:
    headers = {
        "Cache-Control": f"public, max-age=0, s-maxage={said.seconds}, must-revalidate",
        **({"ETag": said.etag} if said.etag else {}),
    }
    known = {
        part.strip().removeprefix("W/")
        for part in request.headers.get("If-None-Match", "").split(",")
    }
    if said.etag and said.etag.removeprefix("W/") in known:
        return Response(status_code=304, headers=headers)
    return Response(said.body, headers={**headers, "Content-Type": said.content_type})
