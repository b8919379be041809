"""`redirects/`, in the shape that Wagtail's v2 API has."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from tests import factories
from tests.frontend_api.conftest import Get

pytestmark = pytest.mark.django_db


@pytest.fixture
def about(db: None) -> Page:
    return factories.ContentPageFactory(slug="about")


def test_a_redirect_has_the_shape_of_v2(get: Get, about: Page) -> None:
    redirect = Redirect.add_redirect("/old", about)
    expected = {
        "id": redirect.pk,
        "old_path": "/old",
        "location": "http://localhost/about/",
        "is_permanent": True,
        "meta": {
            "type": "wagtailredirects.Redirect",
            "detail_url": f"http://localhost:8000/api/v2/redirects/{redirect.pk}/",
        },
    }
    assert get("redirects/") == {"meta": {"total_count": 1}, "items": [expected]}
    assert get(f"redirects/{redirect.pk}/") == expected
    assert get("redirects/find/", id=redirect.pk) == expected
    for path in ("/old", "/old/", "old", "/old?a=1"):
        assert get("redirects/find/", html_path=path) == expected
    get("redirects/find/", expect=404, html_path="/other")
    get("redirects/find/", expect=404)
    get("redirects/99999999999/", expect=404)


def test_redirects_are_filtered_ordered_and_paged(get: Get) -> None:
    for letter in "bca":
        Redirect.add_redirect(f"/{letter}", "https://example.org/")

    def paths(**query: Any) -> list[str]:
        return [item["old_path"] for item in get("redirects/", **query)["items"]]

    assert paths() == ["/b", "/c", "/a"]
    assert paths(order="-old_path") == ["/c", "/b", "/a"]
    assert paths(order="old_path", limit=1, offset=1) == ["/b"]
    assert paths(old_path="/c") == ["/c"]
    assert get("redirects/", limit=0)["meta"]["total_count"] == 3
    get("redirects/", expect=400, order="redirect_page")


def test_a_site_shows_its_own_and_those_of_all(get: Get, about: Page) -> None:
    second = factories.ContentPageFactory(slug="second")
    site = Site.objects.create(hostname="second.example", root_page=second)
    Redirect.add_redirect("/own", about, site=about.get_site())
    Redirect.add_redirect("/theirs", about, site=site)
    Redirect.add_redirect("/all", about)

    def shown(**query: Any) -> dict[str, str]:
        return {item["old_path"]: item["location"] for item in get("redirects/", **query)["items"]}

    at = "http://localhost/about/"
    assert shown() == {"/own": at, "/all": at}
    assert shown(site="second.example") == {"/theirs": at, "/all": at}


def test_what_leads_nowhere_is_not_listed(get: Get, about: Page, client: Client) -> None:
    root = factories.default_site().root_url
    kept = Redirect.add_redirect("/kept", f"{root}/about/?a=1")
    chain = Redirect.add_redirect("/chain", f"{root}/kept")
    search = Redirect.add_redirect("/find", f"{root}/search?q=1")
    for path, target in (("/nowhere", f"{root}/nothing/"), ("/circle", f"{root}/circle")):
        Redirect.add_redirect(path, target)
    Redirect.objects.create(old_path="/empty")
    listed = get("redirects/")
    assert [item["id"] for item in listed["items"]] == [kept.pk, chain.pk, search.pk]
    about.unpublish()
    assert [item["id"] for item in get("redirects/")["items"]] == [search.pk]
    get(f"redirects/{kept.pk}/", expect=404)
    get("redirects/find/", expect=404, html_path="/chain")


def test_a_long_list_takes_as_few_queries_as_a_short_one(client: Client, about: Page) -> None:
    root = factories.default_site().root_url
    taken = []
    for number in range(12):
        page = factories.ContentPageFactory(slug=f"page-{number}")
        Redirect.add_redirect(f"/old-{number}", page)
        Redirect.add_redirect(f"/link-{number}", f"{root}/page-{number}/")
        Redirect.add_redirect(f"/dead-{number}", f"{root}/nothing-{number}/")
        Redirect.add_redirect(f"/elsewhere-{number}", f"https://example.com/{number}/")
        if number in (3, 11):
            with CaptureQueriesContext(connection) as queries:
                client.get("/api/v2/redirects/")
            taken.append(len(queries))
    assert taken[0] == taken[1]
