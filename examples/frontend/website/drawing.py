"""Pages as HTML: the templates, what they know, and the headers of what they draw."""

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from . import cookies, editing, head, languages, listings, policy
from .api import JSON, Reading
from .passing_on import markdown_path

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
PROGRAMME_LIST = "programmes.ProgrammeIndexPage"

templates = Jinja2Templates(HERE / "templates")


def is_link(address: str | None) -> bool:
    """Tell whether an address from the API is one that a reader may be sent to."""
    try:
        scheme = urlsplit(address or "").scheme
    except ValueError:
        return False
    return scheme in {"http", "https", "mailto", "tel"} or (address or "").startswith("/")


def readable_date(text: str, months: str = "") -> str:
    """Return an ISO date as readers write it: `2021-06-16` as `16 June 2021`, with the months of a language."""
    day = date.fromisoformat(text)
    names = [name.strip() for name in months.split(",")]
    return f"{day.day} {names[day.month - 1] if len(names) == 12 else f'{day:%B}'} {day.year}"


templates.env.globals["cms_origin"] = policy.CMS_ORIGIN
templates.env.globals["edit"] = editing.edit
templates.env.tests["link"] = is_link
templates.env.filters["date"] = readable_date
templates.env.filters["filled"] = languages.filled
templates.env.filters["path"] = lambda address: urlsplit(address).path or "/"
templates.env.filters["markdown_path"] = markdown_path


async def draw_page(
    request: Request, reading: Reading, page: JSON, path: str, context: dict[str, Any]
) -> Response:
    """Return a page of the API as a page of this website, with the listing that it may have."""
    context, language = {**context, "page": page, "path": path}, page["meta"]["locale"]
    if collection := COLLECTIONS.get(page["type"]):
        context["listing"] = await listings.read(
            reading, collection, request.query_params, language
        )
    if page.get("related_insights") or page.get("featured_insights"):
        context["insight_list"] = await listings.place_of(reading, INSIGHT_LIST, language)
    if page.get("featured_programmes"):
        context["programme_list"] = await listings.place_of(reading, PROGRAMME_LIST, language)
    return await draw(request, reading, TEMPLATES.get(page["type"], "page.html"), context)


async def draw(
    request: Request,
    reading: Reading,
    template: str,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    """Return a page of this website; without the API, one without navigation and footer."""
    context = context or {}
    page = context.get("page")
    site = await languages.site_at(reading, request.url.path, page)
    language = page["meta"]["locale"] if page else site["meta"]["locale"]
    if page:
        context["head"] = head.of_page(page, context.get("listing"), site["words"])
    held = cookies.held(request)
    in_preview = held is not None or request.url.path.startswith("/preview")
    known = {
        "site": site,
        "say": site["words"],
        "language": language,
        "languages": languages.choices(site, page, language),
        "home": languages.home_of(site, language),
        "path": request.url.path,
        "held": held,
        "in_preview": in_preview,
        "is_framed": in_preview and policy.is_framed(request),
    }
    response = templates.TemplateResponse(
        request, template, {**known, **context}, status_code=status
    )
    if in_preview:
        response.headers.update(policy.of_preview(request))
        return response
    return policy.revalidated(request, response)
