"""The website: every address, and what each of them shows."""

import hmac
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import listings, preview, settings
from .api import JSON, Api, NotFound, Refused, Unavailable, path_of

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent

# A page is drawn by its type; a type that this website does not know has a title, a summary and perhaps a body.
TEMPLATES = {
    "cms.HomePage": "home.html",
    "cms.ContentPage": "page.html",
    "programmes.ProgrammeIndexPage": "programmes.html",
    "programmes.ProgrammePage": "programme.html",
    "insights.InsightIndexPage": "insights.html",
    "insights.InsightPage": "insight.html",
}
COLLECTIONS = {
    "programmes.ProgrammeIndexPage": "programmes",
    "insights.InsightIndexPage": "insights",
}

CMS_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(settings.CMS_URL))
HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'self'",
            f"img-src 'self' data: https: {CMS_ORIGIN}",
            "frame-src https://www.youtube-nocookie.com https://player.vimeo.com",
            # The CMS shows previews in a frame; nobody else may.
            f"frame-ancestors 'self' {CMS_ORIGIN}",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
        ]
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}

templates = Jinja2Templates(HERE / "templates")


def is_link(address: str | None) -> bool:
    """Tell whether an address from the API is one that a reader may be sent to."""
    try:
        scheme = urlsplit(address or "").scheme
    except ValueError:
        return False
    return scheme in {"http", "https", "mailto", "tel"} or (address or "").startswith("/")


def readable_date(text: str) -> str:
    """Return an ISO date as readers write it: `2021-06-16` as `16 June 2021`."""
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


templates.env.globals["cms_origin"] = CMS_ORIGIN
templates.env.tests["link"] = is_link
templates.env.filters["date"] = readable_date
templates.env.filters["path"] = lambda address: urlsplit(address).path or "/"
templates.env.filters["zip"] = lambda first, second: zip(first, second, strict=True)


async def draw(
    request: Request, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> Response:
    """Return a page of this website; without the API, one without navigation and footer."""
    try:
        site = await request.app.state.api.site()
    except (Unavailable, NotFound, Refused):
        site = {"name": "", "organisation": "", "navigation": [], "social_links": []}
    return templates.TemplateResponse(
        request, template, {"site": site, **(context or {})}, status_code=status
    )


async def show_page(request: Request) -> Response:
    """Show the page at the request's path: its draft where a preview is open, or else what is published."""
    api: Api = request.app.state.api
    path = request.url.path
    draft = preview.remembered(request)
    if draft is None:
        return await _show(request, await api.page(path))
    try:
        page = await api.preview(**draft)
    except (NotFound, Refused):
        return preview.forget(await _preview_problem(request, 410), path)
    if path_of(page) != path:
        # The editor has changed the slug since.
        return preview.forget(preview.remember(request, path_of(page), **draft), path)
    response = await _show(request, page, is_draft=True)
    response.headers.update(preview.HEADERS)
    return response


async def _show(request: Request, page: JSON, *, is_draft: bool = False) -> Response:
    api: Api = request.app.state.api
    if page["type"] == "insights.InsightPage" and page["link"]["external"] and not is_draft:
        return RedirectResponse(page["link"]["url"], status_code=302)
    context: dict[str, Any] = {"page": page, "is_draft": is_draft, "path": request.url.path}
    if collection := COLLECTIONS.get(page["type"]):
        context["listing"] = await listings.read(api, collection, request.query_params)
        context["themes"] = await listings.themes(api, collection)
    return await draw(request, TEMPLATES.get(page["type"], "page.html"), context)


async def search(request: Request) -> Response:
    """Show what a search finds."""
    words = request.query_params.get("q", "").strip()[:200]
    context: dict[str, Any] = {"words": words, "listing": None, "path": request.url.path}
    if words:
        context["listing"] = await listings.read(
            request.app.state.api, "pages", request.query_params
        )
    return await draw(request, "search.html", context)


async def enter_preview(request: Request) -> Response:
    """Open a preview, or say in an editor's words why not."""
    try:
        return await preview.enter(request, request.app.state.api)
    except (NotFound, Refused):
        return await _preview_problem(request, 400)


async def leave_preview(request: Request) -> Response:
    """Close a preview."""
    return preview.leave(request)


async def purge(request: Request) -> Response:
    """Drop what is kept of the API's answers with one of the tags in `Surrogate-Key`; only the CMS may ask for it."""
    sent = request.headers.get("Authorization", "").encode()
    expected = f"Bearer {settings.PURGE_TOKEN}".encode()
    if not settings.PURGE_TOKEN or not hmac.compare_digest(sent, expected):
        return Response(status_code=403)
    request.app.state.api.kept.purge(request.headers.get("Surrogate-Key", "").split())
    return Response(status_code=204)


async def _preview_problem(request: Request, status: int) -> Response:
    response = await draw(request, "no_preview.html", status=status)
    response.headers.update(preview.HEADERS)
    return response


async def not_found(request: Request, error: Exception) -> Response:
    """Say that there is nothing at an address."""
    return await draw(request, "not_found.html", status=404)


async def unavailable(request: Request, error: Exception) -> Response:
    """Say that the website cannot be read right now; what went wrong is in the log."""
    logger.warning("The API is unavailable: %s", error)
    response = await draw(request, "unavailable.html", status=503)
    response.headers["Retry-After"] = "30"
    return response


class SecurityHeaders:
    """Adds `HEADERS` to every response that does not say otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers added."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Keep one client of the API for as long as the website runs."""
    app.state.api = Api()
    yield
    await app.state.api.close()


app = SecurityHeaders(
    Starlette(
        routes=[
            Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
            Route("/preview", enter_preview),
            Route("/preview/", enter_preview),
            Route("/preview/leave", leave_preview),
            Route("/purge", purge, methods=["PURGE", "POST"]),
            Route("/search", search),
            Route("/{path:path}", show_page),
        ],
        exception_handlers={
            NotFound: not_found,
            # A path that the API refuses, such as one with `..`, is that of no page.
            Refused: not_found,
            Unavailable: unavailable,
            404: not_found,
        },
        lifespan=lifespan,
    )
)
