"""Pages as HTML: the templates, what they know, and the headers of what they draw."""

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from . import cookies, listings, policy
from .api import JSON, NotFound, Reading, Refused, Unavailable

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

INSIGHT_LIST = "insights.InsightIndexPage"

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


templates.env.globals["cms_origin"] = policy.CMS_ORIGIN
templates.env.tests["link"] = is_link
templates.env.filters["date"] = readable_date
templates.env.filters["path"] = lambda address: urlsplit(address).path or "/"


async def draw_page(
    request: Request, reading: Reading, page: JSON, path: str, context: dict[str, Any]
) -> Response:
    """Return a page of the API as a page of this website, with the listing that it may have."""
    context = {**context, "page": page, "path": path}
    if collection := COLLECTIONS.get(page["type"]):
        context["listing"] = await listings.read(reading, collection, request.query_params)
    if page.get("related_insights") or page.get("featured_insights"):
        context["insight_list"] = await listings.place_of(reading, INSIGHT_LIST)
    return await draw(request, reading, TEMPLATES.get(page["type"], "page.html"), context)


async def draw(
    request: Request,
    reading: Reading,
    template: str,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    """Return a page of this website; without the API, one without navigation and footer."""
    try:
        site = await reading.site()
    except (Unavailable, NotFound, Refused):
        site = {"name": "", "organisation": "", "navigation": [], "social_links": []}
    held = cookies.held(request)
    in_preview = held is not None or request.url.path.startswith("/preview")
    known = {
        "site": site,
        "path": request.url.path,
        "held": held,
        "in_preview": in_preview,
        "is_framed": in_preview and policy.is_framed(request),
    }
    response = templates.TemplateResponse(
        request, template, {**known, **(context or {})}, status_code=status
    )
    if in_preview:
        response.headers.update(policy.of_preview(request))
    return response
