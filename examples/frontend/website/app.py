"""The website: every address, and what each of them shows."""

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import addresses, cookies, passing_on, policy, preview, settings
from .api import (
    Api,
    Drafts,
    Ended,
    Gone,
    Misplaced,
    Moved,
    NotFound,
    Reading,
    Refused,
    Unavailable,
)
from .drawing import HERE, draw, draw_page, is_link
from .following import follow
from .languages import home_of, language_at
from .listings import read, suggestions

logger = logging.getLogger(__name__)


async def show_page(request: Request) -> Response:
    """Show the page at the request's path: what is published, or what the visitor has a credential for."""
    if (path := passing_on.page_path(request.url.path)) is not None:
        return await passing_on.markdown(request, path)
    held = cookies.held(request)
    if held is not None:
        return await preview.show(request, held)
    response = await _public_page(request)
    response.headers.add_vary_header("Accept")
    return response


async def _public_page(request: Request) -> Response:
    api: Api = request.app.state.api
    if passing_on.prefers_markdown(request.headers.get("Accept", "")):
        return await passing_on.markdown(request, request.url.path)
    page = await api.page(addresses.tidy(request.url.path), request.url.query)
    if elsewhere := addresses.redirect_to_own(request, page):
        return elsewhere
    if page["type"] == "insights.InsightPage" and page["link"]["external"]:
        return RedirectResponse(page["link"]["url"], status_code=302)
    return await draw_page(request, api, page, request.url.path, {})


async def search(request: Request) -> Response:
    """Show what a search finds."""
    api, held = request.app.state.api, cookies.held(request)
    shows_drafts = held is not None and not held.is_share and not held.shows_published
    reading: Reading = Drafts(api, held.token) if held and shows_drafts else api
    words = request.query_params.get("q", "").strip()[:200]
    language = language_at(await reading.site(), request.url.path)
    listing = await read(reading, "search", request.query_params, language) if words else None
    context = {"words": words, "listing": listing}
    return await draw(request, reading, "search.html", context)


async def tidy_search(request: Request) -> Response:
    """Redirect to the one address of the search."""
    return addresses.redirect(request, "/search")


async def icon(request: Request) -> Response:
    """Show the icon that browsers ask for without being told of it."""
    name = request.url.path.removeprefix("/")
    return FileResponse(HERE / "static" / name, headers=policy.ICONS)


async def search_in_language(request: Request) -> Response:
    """Show what a search finds in one of the other languages; elsewhere, `search` is a slug like any other."""
    api: Api = request.app.state.api
    site = await api.site()
    path = f"/{request.path_params['language']}/"
    is_home = any(home_of(site, one["code"]) == path for one in site["locales"])
    return await (search(request) if is_home else show_page(request))


async def suggest(request: Request) -> Response:
    """Give the script of the search page titles that complete what its reader types."""
    words = request.query_params.get("q", "").strip()[:200]
    language = request.query_params.get("language", "")[:40]
    titles = await suggestions(request.app.state.api, words, language) if words else []
    return JSONResponse(titles)


async def purge(request: Request) -> Response:
    """Drop what is kept of the API's answers with one of the tags in `Surrogate-Key`; only the CMS may ask for it."""
    sent = request.headers.get("Authorization", "").encode()
    expected = f"Bearer {settings.PURGE_TOKEN}".encode()
    if not settings.PURGE_TOKEN or not hmac.compare_digest(sent, expected):
        return Response(status_code=403)
    request.app.state.api.kept.purge(request.headers.get("Surrogate-Key", "").split())
    return Response(status_code=204)


async def moved(request: Request, error: Exception) -> Response:
    """Send a reader to where the page at an address has gone, or say that there is nothing."""
    # A browser takes `//host` for another website.
    if not isinstance(error, Moved) or not is_link(error.url) or error.url.startswith("//"):
        return await not_found(request, error)
    # A browser would keep what it was told in a preview.
    status = 302 if cookies.held(request) else error.status
    # An editor may lead it elsewhere tomorrow, so that browsers ask each time.
    return RedirectResponse(error.url, status, headers={"Cache-Control": "no-cache"})


async def gone(request: Request, error: Exception) -> Response:
    """Say that there was something at an address, and that nothing takes its place."""
    return await draw(request, request.app.state.api, "gone.html", status=410)


async def not_found(request: Request, error: Exception) -> Response:
    """Say that there is nothing at an address; where the API should be and is not, nothing is known of that."""
    try:
        await request.app.state.api.site()
    except Misplaced as misplaced:
        return await unavailable(request, misplaced)
    except (Refused, Unavailable):
        # What is kept says that there is nothing.
        pass
    return await draw(request, request.app.state.api, "not_found.html", status=404)


async def unavailable(request: Request, error: Exception) -> Response:
    """Say that the website cannot be read right now; what went wrong is in the log."""
    logger.warning("The API is unavailable (API_URL is %s): %s", settings.API_URL, error)
    response = await draw(request, request.app.state.api, "unavailable.html", status=503)
    response.headers["Retry-After"] = "30"
    return response


class SecurityHeaders:
    """Adds `policy.PUBLIC` to every response that does not say otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers added."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in policy.PUBLIC.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Keep one client of the API, and follow what changes, for as long as the website runs."""
    app.state.api = Api()
    following = asyncio.create_task(follow(app.state.api))
    yield
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following
    await app.state.api.close()


app = SecurityHeaders(
    Starlette(
        routes=[
            Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
            Route("/preview", preview.enter),
            Route("/preview/", preview.enter),
            Route("/preview/show", preview.switch),
            Route("/preview/compare", preview.compare),
            Route("/preview/side", preview.side),
            Route("/preview/leave", preview.leave),
            Route("/purge", purge, methods=["PURGE", "POST"]),
            Route("/search", search),
            Route("/search/", tidy_search),
            Route("/search/suggestions", suggest),
            Route("/favicon.ico", icon),
            Route("/apple-touch-icon.png", icon),
            Route("/sitemap.xml", passing_on.text),
            Route("/sitemap-{number:int}.xml", passing_on.text),
            Route("/robots.txt", passing_on.text),
            Route("/llms.txt", passing_on.text),
            Route("/feeds/{name}", passing_on.feed),
            Route("/{language}/search", search_in_language),
            Route("/{path:path}", show_page),
        ],
        exception_handlers={
            Gone: gone,
            Moved: moved,
            NotFound: not_found,
            # A path that the API refuses, such as one with `..`, is that of no page.
            Refused: not_found,
            Ended: preview.ended,
            Unavailable: unavailable,
            404: not_found,
        },
        lifespan=lifespan,
    )
)
