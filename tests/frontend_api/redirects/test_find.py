"""`pages/find/` at a path without a page: where it leads, that it has ended, or that there is nothing."""

from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from frontend_api.redirects.models import FormerPath
from tests import factories
from tests.configure import configure
from tests.frontend_api.conftest import Get

pytestmark = pytest.mark.django_db

FIND = "pages/find/"


@pytest.fixture
def about(db: None) -> Page:
    return factories.ContentPageFactory(title="About", slug="about")


def led(get: Get, path: str, **parameters: Any) -> Any:
    """Return where the API says that a path leads, or None."""
    return get(FIND, expect=404, html_path=path, **parameters).get("redirect")


def internal(url: str, status: int = 301) -> dict[str, Any]:
    return {"url": url, "external": False, "status": status}


def test_a_redirect_to_a_page_is_told_with_the_404(get: Get, about: Page) -> None:
    Redirect.add_redirect("/old", about)
    problem = get(FIND, expect=404, html_path="/old/")
    assert problem["redirect"] == internal("/about/")
    assert problem["title"] == "Not Found"
    assert problem["detail"] == problem["message"]


@pytest.mark.parametrize("path", ["/old", "old", "/old/", "old/", "/%6Fld/"])
def test_slashes_and_percent_signs_do_not_matter(get: Get, about: Page, path: str) -> None:
    Redirect.add_redirect("/old/", about)
    assert led(get, path) == internal("/about/")


def test_a_redirect_that_a_script_stored_as_it_came_is_found(get: Get, about: Page) -> None:
    for stored, asked in (("/as-it-came/", "/as-it-came"), ("/caf%C3%A9", "/café/")):
        Redirect.objects.create(old_path=stored, redirect_page=about)
        assert led(get, asked) == internal("/about/"), stored


def test_a_path_in_any_script_leads_on(get: Get, about: Page) -> None:
    Redirect.add_redirect("/über-uns/日本", about)
    assert led(get, "/über-uns/日本/") == internal("/about/")
    assert led(get, "/%C3%BCber-uns/%E6%97%A5%E6%9C%AC/") == internal("/about/")


def test_an_address_elsewhere_is_external(get: Get) -> None:
    Redirect.add_redirect("/shop", "https://shop.example.com/a?b=1#c", is_permanent=False)
    expected = {"url": "https://shop.example.com/a?b=1#c", "external": True, "status": 302}
    assert led(get, "/shop/") == expected


def test_chains_are_followed_to_their_end_and_are_permanent_only_as_a_whole(
    get: Get, about: Page
) -> None:
    root = about.get_site().root_url
    Redirect.add_redirect("/a", f"{root}/b/")
    Redirect.add_redirect("/b", f"{root}/c", is_permanent=False)
    Redirect.add_redirect("/c", about)
    assert led(get, "/a/") == internal("/about/", 302)
    assert led(get, "/c/") == internal("/about/", 301)


def test_a_circle_leads_nowhere(get: Get) -> None:
    root = factories.default_site().root_url
    for here, there in (("/a", "/b"), ("/b", "/c"), ("/c", "/a"), ("/self", "/self/")):
        Redirect.add_redirect(here, f"{root}{there}")
    for path in ("/a", "/b", "/self"):
        assert led(get, path) is None


def test_so_many_steps_lead_nowhere(get: Get, about: Page) -> None:
    root = about.get_site().root_url
    for step in range(30):
        Redirect.add_redirect(f"/{step}", f"{root}/{step + 1}/")
    Redirect.add_redirect("/30", about)
    assert led(get, "/0") is None
    assert led(get, "/25") == internal("/about/")


def test_the_readers_query_is_kept(get: Get, about: Page) -> None:
    root = about.get_site().root_url
    Redirect.add_redirect("/old", about)
    Redirect.add_redirect("/older", f"{root}/old?from=older&x=1#part")
    Redirect.add_redirect("/out", "https://example.com/?x=1#part")
    assert led(get, "/old/?a=1&b=%20&a=2") == internal("/about/?a=1&b=%20&a=2")
    assert led(get, "/old?q=ä b") == internal("/about/?q=%C3%A4%20b")
    assert led(get, "/older?x=2&y=3")["url"] == "/about/?from=older&x=1&y=3#part"
    assert led(get, "/out?x=2&y=3")["url"] == "https://example.com/?x=1&y=3#part"


def test_a_redirect_from_a_query_comes_before_one_from_the_path_and_takes_the_query(
    get: Get, about: Page
) -> None:
    home = factories.home()
    Redirect.add_redirect("/index.php?id=5&lang=en", about)
    Redirect.add_redirect("/index.php", home)
    assert led(get, "/index.php?lang=en&id=5") == internal("/about/")
    assert led(get, "/index.php?id=6") == internal("/?id=6")
    assert led(get, "/index.php") == internal("/")


def test_a_page_wins_over_redirects(get: Get, about: Page) -> None:
    Redirect.add_redirect("/about", "https://example.com/")
    FormerPath.objects.create(site=factories.default_site(), path="/about")
    assert get(FIND, html_path="/about/")["id"] == about.pk
    assert get(FIND, html_path="/about/?utm_source=x")["id"] == about.pk


def test_what_has_ended_for_good_is_gone(get: Get) -> None:
    FormerPath.objects.create(site=factories.default_site(), path="/ended")
    problem = get(FIND, expect=410, html_path="/ended/")
    assert (problem["status"], problem["title"]) == (410, "Gone")
    assert "redirect" not in problem
    Redirect.add_redirect("/to-ended", f"{factories.default_site().root_url}/ended/")
    get(FIND, expect=410, html_path="/to-ended/")


@pytest.mark.parametrize("state", ["draft", "restricted", "below private", "below a draft", "gone"])
def test_what_readers_do_not_see_is_not_told(
    client: Client, get: Get, about: Page, state: str
) -> None:
    page = factories.ContentPageFactory(parent=about, slug="hidden-slug")
    if state == "draft":
        page.unpublish()
    elif state == "restricted":
        factories.restrict(page)
    elif state == "below private":
        factories.restrict(about)
    elif state == "below a draft":
        Page.objects.filter(pk=about.pk).update(live=False)
    Redirect.add_redirect("/to-page", page)
    Redirect.add_redirect("/to-path", f"{about.get_site().root_url}/about/hidden-slug/")
    if state == "gone":
        Redirect.objects.all().delete()
    nothing = client.get("/api/v2/pages/find/", {"html_path": "/nothing/"})
    for path in ("/to-page/", "/to-path/"):
        answer = client.get("/api/v2/pages/find/", {"html_path": path})
        assert (answer.status_code, answer.content) == (404, nothing.content)
        if path == "/to-page/":
            assert len(answer.get("Cache-Tag", "")) == len(nothing.get("Cache-Tag", ""))
    assert get("redirects/")["items"] == []


def test_what_the_frontend_answers_by_itself_may_be_led_to(get: Get, settings: Any) -> None:
    configure(settings, PATHS={"FRONTEND": ["/search"]})
    root = factories.default_site().root_url
    Redirect.add_redirect("/find", f"{root}/search/?q=a")
    Redirect.add_redirect("/other", f"{root}/searching/")
    assert led(get, "/find?page=2") == internal("/search/?q=a&page=2")
    assert led(get, "/other") is None


def test_a_redirect_of_the_site_comes_before_one_of_all_sites(get: Get, about: Page) -> None:
    second = factories.ContentPageFactory(slug="second")
    site = Site.objects.create(hostname="second.example", root_page=second)
    Redirect.add_redirect("/old", "https://example.com/all")
    Redirect.add_redirect("/old", about, site=about.get_site())
    assert led(get, "/old") == internal("/about/")
    assert led(get, "/old", site="second.example")["url"] == "https://example.com/all"
    # A page of another site has that site's address.
    Redirect.add_redirect("/across", about, site=site)
    expected = {"url": f"{about.get_site().root_url}/about/", "external": True, "status": 301}
    assert led(get, "/across", site="second.example") == expected


def test_a_link_to_another_site_of_ours_is_followed_there(get: Get, about: Page) -> None:
    second = factories.ContentPageFactory(slug="second")
    site = Site.objects.create(hostname="second.example", root_page=second)
    page = factories.ContentPageFactory(parent=second, slug="there")
    Redirect.add_redirect("/here", "http://second.example/moved/")
    Redirect.add_redirect("/moved", page, site=site)
    expected = {"url": "http://second.example/there/", "external": True, "status": 301}
    assert led(get, "/here") == expected
    page.unpublish()
    assert led(get, "/here") is None


def test_a_path_within_a_routable_page_is_the_same_within_its_new_address(get: Get) -> None:
    calendar = factories.ContentPageFactory(slug="plain")
    redirect = Redirect.add_redirect("/old", calendar, page_route_path="/no-such-route/")
    assert led(get, "/old") == internal("/plain/")
    assert redirect.redirect_page_route_path == "/no-such-route/"


@pytest.fixture
def forgiving(settings: Any) -> None:
    rules = dict.fromkeys(("CASE", "SLASHES", "INDEX", "LOCALE"), "redirect")
    configure(settings, PATHS=rules)


WRITTEN = [
    "/ABOUT/",
    "/About",
    "//about/",
    "/about//",
    "/about/index.html",
    "/About/INDEX.HTML",
    "/de/about/",
    "/fr/About/index.php",
    "/EN-GB/about/",
]


@pytest.mark.parametrize("path", WRITTEN)
def test_a_path_written_in_another_way_leads_to_the_page_if_the_site_says_so(
    get: Get, about: Page, forgiving: None, path: str
) -> None:
    assert led(get, f"{path}?a=1") == internal("/about/?a=1")


@pytest.mark.parametrize("path", WRITTEN)
def test_a_path_written_in_another_way_is_that_of_nothing_if_the_site_says_so(
    get: Get, about: Page, settings: Any, path: str
) -> None:
    configure(settings, PATHS={"SLASHES": "exact"})
    assert led(get, path) is None


def test_doubled_slashes_are_the_page_unless_the_site_says_otherwise(
    get: Get, about: Page, settings: Any
) -> None:
    configure(settings, PATHS={})
    assert get(FIND, html_path="//about//")["id"] == about.pk


def test_redirects_are_followed_from_paths_in_another_case_if_the_site_says_so(
    get: Get, about: Page, settings: Any
) -> None:
    configure(settings, PATHS={"CASE": "redirect"})
    Redirect.add_redirect("/Annual-Report.PDF", about)
    assert led(get, "/annual-report.pdf") == internal("/about/")
    FormerPath.objects.create(site=factories.default_site(), path="/Ended")
    get(FIND, expect=410, html_path="/ended/")
    configure(settings, PATHS={})
    assert led(get, "/annual-report.pdf") is None
    get(FIND, expect=404, html_path="/ended/")


def test_a_hidden_page_in_another_case_is_not_told(get: Get, about: Page, forgiving: None) -> None:
    about.unpublish()
    for path in WRITTEN:
        assert led(get, path) is None


def test_a_path_of_any_kind_is_answered(get: Get, client: Client, forgiving: None) -> None:
    for path in (
        "/a;b;a/",
        "/%",
        "/%zz?%",
        "/a?&&=&",
        "/?",
        "?",
        "/a//b",
        "/ ",
        "/[",
        "//[/",
        "/:80/",
    ):
        response = client.get("/api/v2/pages/find/", {"html_path": path})
        assert response.status_code in {200, 400, 404}, path
