"""What says where a path leads, or that it leads nowhere, is kept until just that changes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from frontend_api.caching.wsgi import ResponseCache
from frontend_api.changes.transaction import invalidate_all
from frontend_api.redirects.models import FormerPath
from tests import factories
from tests.configure import configure
from tests.frontend_api.caching.scene import Asking

pytestmark = [pytest.mark.django_db, pytest.mark.once]


class Reader:
    """Reads through the cache, and says what was rendered."""

    def __init__(self) -> None:
        django = get_wsgi_application()
        self.rendered: list[str] = []

        def application(environ: Any, start_response: Any) -> Any:
            self.rendered.append(environ["QUERY_STRING"].removeprefix("html_path="))
            return django(environ, start_response)

        self.ask = Asking(ResponseCache(application))

    def read(self, *paths: str) -> list[str]:
        """Return which of these paths had to be rendered."""
        self.rendered = []
        for path in paths:
            self.ask(f"/api/v2/pages/find/?html_path={path}")
        return self.rendered


@pytest.fixture
def reader(quiet: None) -> Reader:
    # The versions of a transaction that is taken back will be given out again.
    invalidate_all()
    return Reader()


@pytest.fixture
def section(db: None) -> Page:
    return factories.ContentPageFactory(slug="section")


def test_a_404_a_redirect_and_an_end_have_the_headers_of_a_page(
    reader: Reader, section: Page, settings: Any
) -> None:
    configure(settings, S_MAXAGE=60)
    Redirect.add_redirect("/old", section)
    FormerPath.objects.create(site=factories.default_site(), path="/ended")
    page = reader.ask("/api/v2/pages/find/?html_path=/section/")
    for path, status in (("/nothing/", 404), ("/old/", 404), ("/ended/", 410)):
        address = f"/api/v2/pages/find/?html_path={path}"
        answer = reader.ask(address)
        assert answer.status == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers.keys() >= page.headers.keys() - {"Content-Encoding"}
        assert answer.headers["Cache-Control"] == page.headers["Cache-Control"]
        again = reader.ask(address, If_None_Match=answer.headers["ETag"])
        assert again.status == 304


def test_other_errors_are_not_kept(reader: Reader) -> None:
    for query, status in (("html_path=/a%5C", 400), ("", 404), ("html_path=/&site=no", 404)):
        answer = reader.ask(f"/api/v2/pages/find/?{query}")
        assert (answer.status, answer.headers["Cache-Control"]) == (status, "no-store")


PATHS = ["/nothing/", "/section/nothing/", "/old/", "/to-section/", "/ended/", "/section/"]


def add_page(section: Page) -> None:
    factories.ContentPageFactory(slug="nothing")


def add_page_below(section: Page) -> None:
    factories.ContentPageFactory(parent=section, slug="Nothing")


def publish_draft(section: Page) -> None:
    Page.objects.get(slug="drafted").specific.save_revision().publish()


def add_redirect(section: Page) -> None:
    Redirect.add_redirect("/nothing", "https://example.org/")


def change_redirect(section: Page) -> None:
    redirect = Redirect.objects.get(old_path="/old")
    redirect.old_path = "/nothing"
    redirect.save()


def end(section: Page) -> None:
    FormerPath.objects.create(site=factories.default_site(), path="/nothing")


def end_no_more(section: Page) -> None:
    FormerPath.objects.all().delete()


def edit(section: Page) -> None:
    section.title = "Another"
    section.save_revision().publish()


def edit_another(section: Page) -> None:
    other = Page.objects.get(slug="other").specific
    other.title = "Another"
    other.save_revision().publish()


def draft(section: Page) -> None:
    factories.ContentPageFactory(slug="nothing", live=False)


def rename(section: Page) -> None:
    section.slug = "nothing"
    section.save_revision().publish()


def lead_elsewhere(section: Page) -> None:
    Redirect.add_redirect("/elsewhere", section)


CHANGES: dict[Callable[[Page], None], list[str]] = {
    add_page: ["/nothing/"],
    add_page_below: ["/section/nothing/"],
    publish_draft: ["/to-draft/"],
    add_redirect: ["/nothing/"],
    change_redirect: ["/nothing/", "/old/"],
    end: ["/nothing/"],
    end_no_more: ["/ended/"],
    edit: ["/to-section/", "/section/"],
    edit_another: [],
    draft: [],
    rename: ["/nothing/", "/section/nothing/", "/to-section/", "/section/"],
    lead_elsewhere: [],
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_drops_what_it_changes_and_nothing_else(
    reader: Reader, section: Page, change: Callable[[Page], None]
) -> None:
    factories.ContentPageFactory(slug="other")
    drafted = factories.ContentPageFactory(slug="drafted", live=False)
    Redirect.add_redirect("/old", "https://example.org/")
    Redirect.add_redirect("/to-section", section)
    Redirect.add_redirect("/to-draft", drafted)
    FormerPath.objects.create(site=factories.default_site(), path="/ended")
    paths = [*PATHS, "/to-draft/"]
    assert reader.read(*paths) == paths
    assert reader.read(*paths) == []
    change(section)
    assert {*reader.read(*paths)} == {*CHANGES[change]}
