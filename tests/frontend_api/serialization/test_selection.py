"""`fields=`, by the grammar of Wagtail's v2 API."""

from typing import Any

import pytest

from programmes.models import ProgrammePage
from tests import factories
from tests.frontend_api.conftest import Get

pytestmark = pytest.mark.django_db

SHORT_META = {"type", "detail_url", "html_url", "slug", "first_published_at", "locale"}
META = SHORT_META | {
    "show_in_menus",
    "seo_title",
    "search_description",
    "last_published_at",
    "parent",
    "alias_of",
    "ancestors",
    "translations",
    "x_default",
    "seo",
    "hide_from_search_engines",
}
TEASER = {
    "id",
    "title",
    "type",
    "summary",
    "image",
    "start_year",
    "end_year",
    "period",
    "status",
    "partners",
    "themes",
    "meta",
}
DETAIL = TEASER | {"key_figures", "phases", "body", "related_insights"}


@pytest.fixture
def programme() -> ProgrammePage:
    harbour = factories.ImageFactory(title="Harbour")
    harbour.tags.add("sea")
    return factories.ProgrammePageFactory(
        image=harbour,
        partners=[
            factories.PartnerFactory(name="INTERPOL", logo=factories.ImageFactory(title="Logo"))
        ],
        insights=[factories.InsightPageFactory(title="Insight", themes=[factories.ThemeFactory()])],
        figures=[{"value": "1", "label": "a"}],
    )


def test_without_fields_a_detail_has_all_and_an_item_its_teaser(
    get: Get, programme: ProgrammePage
) -> None:
    detail = get(f"pages/{programme.pk}/")
    assert set(detail) == DETAIL
    assert set(detail["meta"]) == META
    (item,) = get("programmes/")["items"]
    assert set(item) == TEASER
    assert set(item["meta"]) == SHORT_META


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ("body", TEASER | {"body"}),
        ("body,phases", TEASER | {"body", "phases"}),
        ("-summary", TEASER - {"summary"}),
        ("body,-summary,-image", (TEASER | {"body"}) - {"summary", "image"}),
        ("*", DETAIL),
        ("*,-body", DETAIL - {"body"}),
        ("_,title", {"title"}),
        ("_,title,slug", {"title", "meta"}),
        ("_,id,partners(_,name)", {"id", "partners"}),
        ("_", set()),
    ],
)
def test_fields_widen_and_narrow_an_item(
    get: Get, programme: ProgrammePage, fields: str, names: set[str]
) -> None:
    (item,) = get("programmes/", fields=fields)["items"]
    assert set(item) == names


def test_fields_narrow_a_detail(get: Get, programme: ProgrammePage) -> None:
    assert get(f"pages/{programme.pk}/", fields="_,title,locale") == {
        "title": programme.title,
        "meta": {"locale": "en-gb"},
    }
    assert set(get(f"pages/{programme.pk}/", fields="-body")) == DETAIL - {"body"}
    assert "parent" not in get(f"pages/{programme.pk}/", fields="-parent")["meta"]


def test_star_shows_all_of_meta_in_a_listing(get: Get, programme: ProgrammePage) -> None:
    assert set(get("programmes/", fields="*")["items"][0]["meta"]) == META


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("_,partners(_,name)", {"partners": [{"name": "INTERPOL"}]}),
        ("_,partners(_,logo(_,title))", {"partners": [{"logo": {"title": "Logo"}}]}),
        ("_,image(_,title,width)", {"image": {"title": "Harbour", "width": 8}}),
        ("_,related_insights(_,title)", {"related_insights": [{"title": "Insight"}]}),
        ("_,key_figures(_,value)", {"key_figures": [{"value": "1"}]}),
        ("_,key_figures(-id,-label,-as_of,-type)", {"key_figures": [{"value": "1"}]}),
        ("_,key_figures(_,type)", {"key_figures": [{"meta": {"type": "programmes.KeyFigure"}}]}),
        ("_,partners(_,type)", {"partners": [{"meta": {"type": "programmes.Partner"}}]}),
        ("_,image(_,tags,type)", {"image": {"meta": {"type": "cms.CmsImage", "tags": ["sea"]}}}),
    ],
)
def test_fields_reach_into_what_a_field_nests(
    get: Get, programme: ProgrammePage, fields: str, expected: dict[str, Any]
) -> None:
    assert get(f"pages/{programme.pk}/", fields=fields) == expected
    assert get("programmes/", fields=fields)["items"] == [expected]


def test_fields_reach_several_levels_down(get: Get, programme: ProgrammePage) -> None:
    shown = get(f"pages/{programme.pk}/", fields="_,related_insights(_,themes(_,name),body)")
    assert set(shown["related_insights"][0]) == {"themes", "body"}
    assert set(shown["related_insights"][0]["themes"][0]) == {"name"}


def test_a_listing_of_all_types_shows_a_field_where_it_is(
    get: Get, programme: ProgrammePage
) -> None:
    """As in v2, a name is known when any of the types listed has it."""
    items = get("pages/", fields="_,title,period")["items"]
    by_title = {item["title"]: item for item in items}
    assert by_title[programme.title] == {"title": programme.title, "period": "2015 – 2023"}
    assert by_title["Home"] == {"title": "Home"}
    get("pages/", expect=400, fields="period", type="cms.ContentPage")


@pytest.mark.parametrize(
    "fields",
    [
        "nope",
        "-nope",
        "partners(nope)",
        "image(nope)",
        "title(x)",
        "period(x)",
        "meta(x)",
        "link(url)",
    ],
)
@pytest.mark.parametrize("path", ["programmes/", "pages/?type=programmes.ProgrammePage"])
def test_an_unknown_field_is_refused_with_and_without_anything_to_show(
    get: Get, fields: str, path: str
) -> None:
    path, _, query = path.partition("?")
    more = dict([query.split("=")]) if query else {}
    without = get(path, expect=400, fields=fields, **more)
    factories.ProgrammePageFactory(partners=[factories.PartnerFactory()])
    assert get(path, expect=400, fields=fields, **more) == without


@pytest.mark.parametrize(
    "fields", ["nope(", "a,,b", "a b", ")", "*,_", "a(_", "-a(b)", "title,*", ""]
)
def test_fields_that_cannot_be_read_are_refused(get: Get, fields: str) -> None:
    problem = get("programmes/", expect=400, fields=fields)
    assert problem["errors"][0]["parameter"] == "fields"


def test_the_library_takes_fields(get: Get) -> None:
    factories.ImageFactory(title="Harbour")
    assert get("images/", fields="_,title")["items"] == [{"title": "Harbour"}]
    assert set(get("images/", fields="-meta", expect=400)) >= {"detail"}
    assert set(get("images/", fields="-tags,-download_url")["items"][0]["meta"]) == {
        "type",
        "detail_url",
    }
