"""Each page type as JSON: whole, as a golden file."""

import datetime
import json
from typing import Any

import pytest
from django.utils.timezone import now
from wagtail.embeds.embeds import get_embed
from wagtail.models import Page, Site

from cms.models import (
    ContentPage,
    FeaturedInsight,
    FeaturedProgramme,
    NavigationItem,
    SiteSettings,
    SocialLink,
)
from frontend_api.changes.surrogate_keys import of_everything
from insights.models import InsightPage
from programmes.models import ProgrammePage
from tests import factories
from tests.events.models import Person
from tests.frontend_api.conftest import Get, make_renditions
from tests.golden import assert_golden

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def known_dates(db: None) -> None:
    """Give the pages that the migrations made dates that do not change from run to run."""
    Page.objects.update(
        first_published_at=factories.PUBLISHED_AT, last_published_at=factories.PUBLISHED_AT
    )


@pytest.fixture
def insight() -> InsightPage:
    """An external insight with everything that an insight can have."""
    return factories.InsightPageFactory(
        title="Six policies",
        slug="six-policies",
        summary="What works, and is not done everywhere.",
        image=factories.ImageFactory(title="Harbour", description="Boats at dawn", **focal_point()),
        published_on=datetime.date(2020, 7, 15),
        external_url="https://www.end-violence.org/six",
        source="END-VIOLENCE.ORG",
        themes=[factories.ThemeFactory(name="Prevention", slug="prevention")],
    )


@pytest.fixture
def programme(insight: InsightPage) -> ProgrammePage:
    """A programme with everything that a programme can have."""
    partner = factories.PartnerFactory(
        name="INTERPOL",
        slug="interpol",
        website="https://www.interpol.int",
        description="A police organisation.",
        logo=factories.ImageFactory(title="Wordmark"),
    )
    return factories.ProgrammePageFactory(
        title="Identifying victims",
        slug="identifying-victims",
        summary="Behind the unit that finds children.",
        themes=list(insight.themes.all()),
        partners=[partner],
        insights=[insight],
        figures=[
            {"value": "10,000+", "label": "victims", "as_of": datetime.date(2023, 12, 31)},
            {"value": "2,000+", "label": "case files"},
        ],
        parts=[
            {"title": "First", "start_year": 2015, "end_year": 2019, "text": "<p>People.</p>"},
            {"title": "Second", "start_year": 2020, "end_year": 2023},
        ],
        body=[{"type": "heading", "value": {"text": "Why", "level": "h2"}, "id": "1"}],
        seo_title="Finding victims",
        search_description="A programme with INTERPOL.",
        hide_from_search_engines=True,
    )


def focal_point() -> dict[str, int]:
    """Return the focal point of an image, in pixels."""
    return {
        "focal_point_x": 4,
        "focal_point_y": 3,
        "focal_point_width": 2,
        "focal_point_height": 2,
    }


def body(programme: ProgrammePage, insight: InsightPage) -> list[dict[str, Any]]:
    """Return a body with every block that there is."""
    image = factories.ImageFactory(title="Garden", description="A garden")
    report = factories.DocumentFactory(title="Report")
    video = "https://vimeo.com/76979871"
    get_embed(video)
    rich_text = (
        f'<p>See <a linktype="page" id="{programme.pk}">the programme</a>, '
        f'<a linktype="document" id="{report.pk}">the report</a> and '
        '<a href="https://example.org/?a=1&amp;b=2">elsewhere</a>.</p>'
        f'<embed embedtype="image" id="{image.pk}" format="left" alt="Trees &amp; hills"/>'
    )
    values: list[tuple[str, Any]] = [
        ("heading", {"text": "How we work", "level": "h3"}),
        ("rich_text", rich_text),
        ("quote", {"text": "Every child.", "attribution": "An investigator"}),
        (
            "image",
            {
                "image": {"image": image.pk, "alt_text": "Low hills", "decorative": False},
                "caption": "The garden",
                "credit": "A. Name",
            },
        ),
        (
            "image",
            {
                "image": {"image": image.pk, "alt_text": "", "decorative": True},
                "caption": "",
                "credit": "",
            },
        ),
        ("video", {"video": video, "caption": "A film"}),
        ("document", {"document": report.pk, "label": "Read it"}),
        (
            "key_figures",
            {"figures": [{"value": "10", "label": "programmes", "as_of": "2024-01-01"}]},
        ),
        (
            "table",
            {
                "caption": "Years",
                "columns": [
                    {"type": "text", "heading": "Year"},
                    {"type": "number", "heading": "Cases"},
                    {"type": "rich_text", "heading": "Notes"},
                ],
                "rows": [
                    {
                        "values": [
                            "2020",
                            410.5,
                            f'<p><a linktype="page" id="{insight.pk}">Six</a></p>',
                        ]
                    }
                ],
            },
        ),
        ("insights", {"heading": "Read more", "insights": [insight.pk]}),
        ("call_to_action", {"label": "See it", "page": programme.pk, "url": ""}),
        ("call_to_action", {"label": "Apply", "page": None, "url": "https://example.org/apply"}),
    ]
    return [
        {"type": kind, "value": value, "id": str(number)}
        for number, (kind, value) in enumerate(values)
    ]


def test_golden_programme(get: Get, programme: ProgrammePage) -> None:
    make_renditions()
    assert_golden("programme", get(f"pages/{programme.pk}/"))


def test_golden_insight(get: Get, insight: InsightPage) -> None:
    make_renditions()
    assert_golden("insight", get(f"pages/{insight.pk}/"))


def test_golden_content_page_with_every_block(
    get: Get, programme: ProgrammePage, insight: InsightPage
) -> None:
    page = factories.ContentPageFactory(
        title="About", slug="about", body=body(programme, insight), show_in_menus=True
    )
    assert {block["type"] for block in page.body.raw_data} == set(
        ContentPage.body.field.stream_block.child_blocks
    )
    make_renditions()
    assert_golden("content_page", get(f"pages/{page.pk}/"))


def test_a_column_whose_type_is_gone_from_the_code_takes_its_values_with_it(get: Get) -> None:
    table = {
        "caption": "",
        "columns": [
            {"type": "removed", "heading": "Gone"},
            {"type": "text", "heading": "Year"},
            {"type": "number", "heading": "Cases"},
        ],
        "rows": [{"values": ["secret", "2020", 410.5]}, {"values": ["secret"]}],
    }
    page = factories.ContentPageFactory()
    # Wagtail itself can no longer read such a table, and so not save it.
    stored = json.dumps([{"type": "table", "value": table, "id": "1"}])
    ContentPage.objects.filter(pk=page.pk).update(body=stored)
    assert get(f"pages/{page.pk}/")["body"][0]["value"] == {
        "caption": "",
        "columns": [
            {"type": "text", "heading": "Year"},
            {"type": "number", "heading": "Cases"},
        ],
        "rows": [{"values": ["2020", 410.5]}, {"values": []}],
    }


def test_golden_home_page(get: Get, programme: ProgrammePage, insight: InsightPage) -> None:
    home = factories.home()
    home.heading = "Every child"
    home.introduction = f'<p>See <a linktype="page" id="{programme.pk}">this</a>.</p>'
    home.body = [{"type": "rich_text", "value": "<p>Text</p>", "id": "1"}]
    home.featured_programmes.set([FeaturedProgramme(page=programme.page_ptr)])
    home.featured_insights.set([FeaturedInsight(page=insight.page_ptr)])
    home.save()
    make_renditions()
    assert_golden("home_page", get(f"pages/{home.pk}/"))


@pytest.mark.parametrize("name", ["programme_index", "insight_index"])
def test_golden_index_page(get: Get, name: str) -> None:
    page = getattr(factories, name)()
    page.introduction = "<p>What we do.</p>"
    page.save()
    assert_golden(name, get(f"pages/{page.pk}/"))


def test_golden_plugin_page(get: Get) -> None:
    first = factories.EventPageFactory(title="First meeting", slug="first-meeting")
    page = factories.EventPageFactory(
        title="Second meeting",
        slug="second-meeting",
        follows=first,
        notes=f'<p><a linktype="page" id="{first.pk}">The first</a></p>',
        speakers=["Ada", "Grace"],
        body=[
            {"type": "paragraph", "value": "<p>Come.</p>", "id": "1"},
            {"type": "age", "value": {"youngest": 16}, "id": "2"},
        ],
    )
    page.people.set([Person.objects.create(name="Grace"), Person.objects.create(name="Ada")])
    assert_golden("event", get(f"pages/{page.pk}/"))


def test_golden_page_with_tags_and_snippets_that_have_drafts(get: Get) -> None:
    public, draft = (
        factories.SponsorFactory(name=name, live=is_live)
        for name, is_live in (("The town", True), ("A secret friend", False))
    )
    page = factories.MeetingPageFactory(
        title="Board meeting",
        slug="board-meeting",
        minutes="<p>All were there.</p>",
        sponsor=public,
        supporters=[draft, public],
        prepares=factories.EventPageFactory(title="Summer school"),
        body=[
            {"type": "sponsor", "value": sponsor.pk, "id": str(place)}
            for place, sponsor in enumerate((draft, public))
        ],
    )
    page.tags.add("open", "board")
    page.save()
    for text in ("When?", "Why?"):
        page.questions.create(text=text)
    assert_golden("meeting", get(f"pages/{page.pk}/"))


def test_golden_listings(get: Get, programme: ProgrammePage, insight: InsightPage) -> None:
    factories.EventPageFactory(title="Meeting", slug="meeting")
    factories.MeetingPageFactory(title="Board meeting", slug="board-meeting")
    make_renditions()
    assert_golden("programmes", get("programmes/"))
    assert_golden("insights", get("insights/"))
    assert_golden("events", get("events/"))
    assert_golden("meetings", get("meetings/"))


def test_golden_library(get: Get) -> None:
    image = factories.ImageFactory(title="Harbour", description="Boats at dawn", **focal_point())
    image.tags.add("sea", "boats")
    factories.DocumentFactory(title="Report")
    assert_golden("images", get("images/"))
    assert_golden("documents", get("documents/"))
    assert get(f"images/{image.pk}/") == get("images/")["items"][0]


def test_golden_site(get: Get) -> None:
    site = Site.objects.get()
    site.site_name = "HDF"
    site.save()
    programme = factories.ProgrammePageFactory(
        slug="identifying-victims", title="Identifying victims"
    )
    settings = SiteSettings.for_site(site)
    settings.organisation = "The foundation"
    settings.footer_text = f'<p><a linktype="page" id="{programme.pk}">Our work</a></p>'
    settings.social_links.set([SocialLink(label="LinkedIn", url="https://www.linkedin.com/")])
    settings.navigation.set(
        [
            NavigationItem(page=programme.page_ptr),
            NavigationItem(page=programme.page_ptr, label="Ours"),
            NavigationItem(url="https://example.org/", label="Theirs"),
        ]
    )
    settings.save()
    assert_golden("site", get("site/"))


def test_a_site_without_settings_still_has_every_key(get: Get) -> None:
    """Its menu is what editors mark as shown in menus; reading it makes no row."""
    Site.objects.update(site_name="")
    shown = get("site/")
    assert shown.pop("words")["read_more"] == "Read more"
    assert shown == {
        "name": "localhost",
        "root_url": "http://localhost",
        "locales": [
            {
                "code": "en-gb",
                "name": "English",
                "html_url": "http://localhost/",
                "is_default": True,
            }
        ],
        "organisation": "",
        "footer_text": "",
        "social_links": [],
        "navigation": [
            {"label": "Programmes", "url": "/programmes/", "external": False, "children": []},
            {"label": "Insight", "url": "/insight/", "external": False, "children": []},
        ],
        "footer_navigation": [],
        "share": {"image": None, "description": "", "publisher": "", "logo": None},
        "meta": {"locale": "en-gb", "tag_of_everything": of_everything()},
    }
    assert not SiteSettings.objects.exists()


@pytest.mark.parametrize(
    "factory",
    [
        factories.ContentPageFactory,
        factories.InsightPageFactory,
        factories.ProgrammePageFactory,
        factories.EventPageFactory,
    ],
)
def test_a_page_has_the_same_keys_whether_full_or_empty(
    get: Get, factory: Any, programme: ProgrammePage, insight: InsightPage
) -> None:
    """Absent is `null` or `[]`, never a missing key."""
    full = {"ProgrammePage": programme, "InsightPage": insight}.get(factory._meta.model.__name__)
    empty = factory()
    keys = set(get(f"pages/{empty.pk}/"))
    assert keys == set(get(f"pages/{(full or factory()).pk}/"))
    assert {"id", "title", "type", "meta"} < keys


def test_type_is_the_same_string_as_in_meta(get: Get, programme: ProgrammePage) -> None:
    for item in get("pages/")["items"]:
        assert item["type"] == item["meta"]["type"]
        detail = get(f"pages/{item['id']}/")
        assert detail["type"] == detail["meta"]["type"] == item["type"]
        assert detail["meta"]["detail_url"].endswith(f"/api/v2/pages/{item['id']}/")


def test_addresses_do_not_depend_on_the_host_of_the_request(client: Any, programme: Any) -> None:
    here = client.get("/api/v2/pages/").content
    assert client.get("/api/v2/pages/", headers={"host": "127.0.0.1:1234"}).content == here


def test_a_nested_page_shows_its_teaser_and_what_it_nests_shows_less(get: Get) -> None:
    """So that no representation is endless, even where pages name one another."""
    first = factories.EventPageFactory()
    second = factories.EventPageFactory(follows=first)
    first.follows = second
    first.save()
    follows = get(f"pages/{first.pk}/")["follows"]
    assert set(follows) == {"id", "title", "type", "starts_on", "city", "meta"}
    deeper = get(f"pages/{first.pk}/", fields="follows(follows)")["follows"]["follows"]
    assert set(deeper) == {"id", "title", "type", "meta"}
    assert deeper["id"] == first.pk


def test_what_an_expired_page_names_is_judged_now(get: Get) -> None:
    event = factories.EventPageFactory(follows=factories.EventPageFactory(expire_at=now()))
    assert get(f"pages/{event.pk}/")["follows"] is None
