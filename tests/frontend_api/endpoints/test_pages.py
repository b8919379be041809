"""`pages/`: listing, filtering, ordering, paging and finding, by Wagtail's v2 protocol."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale, Page

from cms.models import CmsImage
from tests import factories
from tests.frontend_api.conftest import Get, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> dict[str, Page]:
    """Two sections, the first with two pages below it."""
    first = factories.ContentPageFactory(title="First", slug="first")
    return {
        "first": first,
        "a": factories.ContentPageFactory(parent=first, title="A", slug="a", show_in_menus=True),
        "b": factories.ContentPageFactory(parent=first, title="B", slug="b"),
        "second": factories.ContentPageFactory(title="Second", slug="second"),
    }


def test_a_listing_has_every_public_page_by_id(get: Get, tree: dict[str, Page]) -> None:
    assert titles(get("pages/")) == ["Home", "Programmes", "Insight", "First", "A", "B", "Second"]
    assert get("pages/")["meta"] == {"total_count": 7}


def test_limit_and_offset_give_a_part_and_the_whole_count(get: Get, tree: dict[str, Page]) -> None:
    part = get("pages/", limit=2, offset=3)
    assert titles(part) == ["First", "A"]
    assert part["meta"] == {"total_count": 7}
    assert titles(get("pages/", limit=0)) == []
    assert titles(get("pages/", offset=100)) == []


def test_twenty_are_given_without_a_limit(get: Get) -> None:
    for _ in range(22):
        factories.ContentPageFactory()
    assert len(get("pages/")["items"]) == 20
    assert len(get("pages/", limit=100)["items"]) == 25


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"type": "cms.ContentPage"}, ["First", "A", "B", "Second"]),
        ({"type": "cms.ContentPage,cms.HomePage"}, ["Home", "First", "A", "B", "Second"]),
        ({"type": "events.EventPage"}, []),
        ({"slug": "a"}, ["A"]),
        ({"title": "Second"}, ["Second"]),
        ({"show_in_menus": "true", "type": "cms.ContentPage"}, ["A"]),
        ({"show_in_menus": "false", "type": "cms.ContentPage"}, ["First", "B", "Second"]),
        ({"locale": "en-gb"}, ["Home", "Programmes", "Insight", "First", "A", "B", "Second"]),
        ({"child_of": "root"}, ["Programmes", "Insight", "First", "Second"]),
        ({"descendant_of": "root", "type": "cms.ContentPage"}, ["First", "A", "B", "Second"]),
        ({"order": "-title", "type": "cms.ContentPage"}, ["Second", "First", "B", "A"]),
        ({"order": "title,-id", "type": "cms.ContentPage"}, ["A", "B", "First", "Second"]),
        ({"order": "slug", "limit": "2", "type": "cms.ContentPage"}, ["A", "B"]),
    ],
)
def test_a_listing_is_narrowed_and_ordered(
    get: Get, tree: dict[str, Page], query: dict[str, str], expected: list[str]
) -> None:
    assert titles(get("pages/", **query)) == expected


def test_a_listing_follows_the_tree(get: Get, tree: dict[str, Page]) -> None:
    first, a = tree["first"].pk, tree["a"].pk
    assert titles(get("pages/", child_of=first)) == ["A", "B"]
    assert titles(get("pages/", descendant_of=first, order="-id")) == ["B", "A"]
    assert titles(get("pages/", ancestor_of=a)) == ["Home", "First"]
    assert get("pages/", id=a)["items"][0]["title"] == "A"


def test_a_listing_has_the_translations_of_a_page(get: Get, tree: dict[str, Page]) -> None:
    french = Locale.objects.create(language_code="fr")
    translation = factories.ContentPageFactory(
        title="Prem", locale=french, translation_key=tree["first"].translation_key
    )
    assert titles(get("pages/", translation_of=tree["first"].pk)) == ["Prem"]
    assert titles(get("pages/", locale="fr")) == ["Prem"]
    assert get(f"pages/{translation.pk}/")["meta"]["locale"] == "fr"


def test_fields_of_a_type_filter_and_order_when_it_is_the_only_one(get: Get) -> None:
    early = factories.ProgrammePageFactory(start_year=2001)
    late = factories.ProgrammePageFactory(start_year=2009)
    kind = "programmes.ProgrammePage"
    assert titles(get("pages/", type=kind, start_year=2009)) == [late.title]
    assert titles(get("pages/", type=kind, order="-start_year")) == [late.title, early.title]
    get("pages/", expect=400, start_year=2009)


def test_what_is_alike_is_ordered_by_id_in_both_directions(get: Get) -> None:
    alike = [factories.ContentPageFactory(title="Alike").pk for _ in range(5)]
    for order, expected in (("title", alike), ("-title", alike[::-1])):
        listed = get("pages/", type="cms.ContentPage", order=order)["items"]
        assert [item["id"] for item in listed] == expected


def test_what_has_no_value_comes_last_in_both_directions(get: Get) -> None:
    factories.ProgrammePageFactory(title="Open", end_year=None)
    factories.ProgrammePageFactory(title="Early", end_year=2016)
    factories.ProgrammePageFactory(title="Late", end_year=2020)
    assert titles(get("programmes/", order="end_year")) == ["Early", "Late", "Open"]
    assert titles(get("programmes/", order="-end_year")) == ["Late", "Early", "Open"]


def test_pages_are_listed_as_editors_have_sorted_them(get: Get) -> None:
    first, _, third = (factories.ContentPageFactory(title=title) for title in "ABC")
    nested = factories.ContentPageFactory(parent=first, title="A1")
    asked = {"type": "cms.ContentPage"}
    assert titles(get("pages/", **asked)) == ["A", "A1", "B", "C"]
    third.move(first, pos="left")
    third.refresh_from_db()
    assert titles(get("pages/", **asked)) == ["C", "A", "A1", "B"]
    assert titles(get("pages/", **asked, order="-path")) == ["B", "A1", "A", "C"]
    assert titles(get("pages/", **asked, order="id")) == ["A", "B", "C", "A1"]
    assert titles(get("pages/", ancestor_of=nested.pk))[-1] == "A"


def test_a_repeated_parameter_is_a_list(get: Get, tree: dict[str, Page]) -> None:
    asked = {"type": ["cms.ContentPage", "cms.HomePage"], "order": ["-title", "id"]}
    assert titles(get("pages/", **asked)) == titles(
        get("pages/", type="cms.ContentPage,cms.HomePage", order="-title,id")
    )
    programme = factories.ProgrammePageFactory(themes=[factories.ThemeFactory(slug="a")])
    assert titles(get("programmes/", theme=["a", "b"])) == [programme.title]


def test_pages_are_found_by_what_they_relate_to(get: Get) -> None:
    partner, other = factories.PartnerFactory(), factories.PartnerFactory()
    theme = factories.ThemeFactory()
    factories.ProgrammePageFactory(title="One", partners=[partner, other], themes=[theme])
    factories.ProgrammePageFactory(title="Two", partners=[other])
    asked = {"type": "programmes.ProgrammePage", "order": "title"}
    assert titles(get("pages/", **asked, partners=str(partner.pk))) == ["One"]
    assert titles(get("pages/", **asked, partners=str(other.pk))) == ["One", "Two"]
    assert titles(get("pages/", **asked, themes=str(theme.pk))) == ["One"]
    assert titles(get("pages/", **asked, partners="99999")) == []
    get("pages/", expect=400, **asked, partners="x")


def test_pages_are_found_by_their_tags_and_not_by_what_is_hidden(get: Get) -> None:
    hidden = factories.SponsorFactory(live=False)
    both = factories.MeetingPageFactory(title="Both", supporters=[hidden])
    one = factories.MeetingPageFactory(title="One")
    both.tags.add("sea", "wind")
    both.save()
    one.tags.add("sea")
    one.save()
    asked = {"type": "events.MeetingPage", "order": "title"}
    assert titles(get("pages/", **asked, tags="sea")) == ["Both", "One"]
    assert titles(get("pages/", **asked, tags="sea,wind")) == ["Both"]
    assert titles(get("pages/", **asked, tags=["sea", "wind"])) == ["Both"]
    assert titles(get("pages/", **asked, supporters=str(hidden.pk))) == []


def test_random_order_has_every_page_once(get: Get, tree: dict[str, Page]) -> None:
    shuffled = {tuple(titles(get("pages/", order="random"))) for _ in range(8)}
    assert {frozenset(order) for order in shuffled} == {frozenset(titles(get("pages/")))}
    assert len(shuffled) > 1


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=st.lists(
        st.sampled_from(["title", "-title", "slug", "-id", "first_published_at"]), max_size=3
    ),
    limit=st.integers(1, 5),
)
def test_pages_of_any_order_join_without_gap_or_repeat(
    get: Get, tree: dict[str, Page], order: list[str], limit: int
) -> None:
    query: dict[str, Any] = {"order": ",".join(order)} if order else {}
    whole = [item["id"] for item in get("pages/", **query)["items"]]
    parts = [
        item["id"]
        for offset in range(0, len(whole), limit)
        for item in get("pages/", limit=limit, offset=offset, **query)["items"]
    ]
    assert parts == whole


@pytest.mark.parametrize("path", ["/first/a/", "first/a", "/first/a", "first/a/", "//first//a//"])
def test_a_page_is_found_at_its_path_at_once(get: Get, tree: dict[str, Page], path: str) -> None:
    assert get("pages/find/", html_path=path) == get(f"pages/{tree['a'].pk}/")


def test_home_is_found_at_the_root(get: Get) -> None:
    assert get("pages/find/", html_path="/")["type"] == "cms.HomePage"
    assert get("pages/find/", html_path="/", fields="_,title") == {"title": "Home"}


def test_a_page_is_found_by_id(get: Get, tree: dict[str, Page]) -> None:
    assert get("pages/find/", id=tree["a"].pk) == get(f"pages/{tree['a'].pk}/")


@pytest.mark.parametrize(
    "path", ["/first/c/", "/home/", "/first/a/b/", "/FIRST/", "/%2e%2e/", "/é/"]
)
def test_nothing_is_found_where_no_page_is(get: Get, tree: dict[str, Page], path: str) -> None:
    get("pages/find/", expect=404, html_path=path)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(path=st.text(min_size=1, max_size=60))
def test_any_path_is_found_or_not_or_refused(client: Any, db: None, path: str) -> None:
    response = client.get("/api/v2/pages/find/", {"html_path": path})
    assert response.status_code in {200, 400, 404}
    if response.status_code == 200:
        names = path.partition("?")[0]
        assert set(names.strip()) <= {"/"} or response.json()["meta"]["slug"] in names


def test_a_query_follows_a_path(get: Get) -> None:
    assert get("pages/find/", html_path="/?utm_source=x") == get("pages/find/", html_path="/")
    refused = get("pages/find/", expect=400, html_path="?utm_source=x")
    assert refused["detail"] == (
        "html_path has a query and no path before it; the home page is at '/'."
    )


def test_a_detail_is_the_same_in_its_collection(get: Get) -> None:
    for name, factory in (
        ("programmes", factories.ProgrammePageFactory),
        ("insights", factories.InsightPageFactory),
        ("events", factories.EventPageFactory),
    ):
        page = factory()
        assert get(f"{name}/{page.pk}/") == get(f"pages/{page.pk}/")
        get(f"{name}/{factories.home().pk}/", expect=404)


def test_a_listed_programme_is_the_same_in_pages_and_programmes(get: Get) -> None:
    factories.ProgrammePageFactory()
    kind = "programmes.ProgrammePage"
    assert get("pages/", type=kind)["items"] == get("programmes/")["items"]


@pytest.mark.parametrize(
    ("path", "make", "take_away"),
    [
        (
            "pages/?type=cms.ContentPage",
            factories.ContentPageFactory,
            lambda: Page.objects.filter(depth__gt=2).update(live=False),
        ),
        ("images/", factories.ImageFactory, lambda: CmsImage.objects.all().delete()),
    ],
    ids=["a page", "an image"],
)
def test_what_goes_while_a_listing_is_read_is_no_error(
    get: Get, path: str, make: Any, take_away: Any
) -> None:
    make()
    asked: list[str] = []

    def take_away_once_it_is_listed(execute: Any, sql: str, *rest: Any) -> Any:
        was_listed = bool(asked) and "total_count" in asked[-1]
        asked.append(sql)
        if was_listed:
            take_away()
        return execute(sql, *rest)

    with connection.execute_wrapper(take_away_once_it_is_listed):
        listing = get(path)
    assert listing["meta"] == {"total_count": 1}
