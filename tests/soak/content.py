"""The site that is read, and edited, while the service runs."""

from io import StringIO
from typing import NamedTuple

from django.core.management import call_command
from django.test import override_settings

from cms.models import ContentPage
from insights.models import InsightPage
from programmes.models import ProgrammePage
from tests import factories
from tests.e2e.asking import logged_in
from tests.filled import Filler

EDITORS = 3


class Content(NamedTuple):
    """What the actors know of the site."""

    edited: dict[int, str]
    """The slugs of the insights that are published again and again, by id, one for each editor."""
    read: list[str]
    """What readers ask for, as paths below the API's."""
    session: str
    """The session of an administrator."""


def make(secret_key: str, frontend: str, many: int) -> Content:
    """Make a site of so many pages and some more, and log an administrator in, as a service with this key knows it."""
    with override_settings(FRONTEND_URL=frontend):
        call_command("use_frontend_url", stdout=StringIO())
    filler = Filler(2)
    pages = [filler.page(model) for model in (InsightPage, ProgrammePage, ContentPage)]
    pages += [factories.InsightPageFactory() for _ in range(many * 3 // 4)]
    pages += [factories.ProgrammePageFactory() for _ in range(many // 4)]
    edited = [factories.InsightPageFactory(title="Title 0") for _ in range(EDITORS)]
    read = [f"pages/{page.pk}/" for page in (*pages, *edited)]
    read += [f"pages/find/?html_path={page.url_path.removeprefix('/home')}" for page in pages]
    with override_settings(SECRET_KEY=secret_key):
        session = logged_in()
    return Content({page.pk: page.slug for page in edited}, read, session)


LISTINGS = (
    "site/",
    "pages/?limit=20",
    "insights/",
    "insights/?order=title&limit=5",
    "insights/?search=Title",
    "programmes/?fields=*",
    "search/?q=insight",
    "autocomplete/?q=ins",
    "images/",
    "documents/",
    "redirects/",
)
FEEDS = ("feeds/insights.json", "sitemap.xml", "llms.txt")
