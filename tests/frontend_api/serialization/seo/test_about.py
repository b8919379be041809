"""What a page says of itself to search engines and where it is shared."""

import datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page, Site

from cms.models import CmsImage, ContentPage, SiteSettings
from frontend_api.serialization.seo import checks
from frontend_api.serialization.seo.declaration import Meanings, meanings_of
from frontend_api.serialization.seo.structured_data import headline
from insights.models import InsightPage
from tests import factories
from tests.events.models import EventPage
from tests.frontend_api.conftest import Get, make_renditions
from tests.publishing import publish_unchecked

from .rules import lacking, node_of, violations

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def large(title: str, description: str = "") -> CmsImage:
    """Return an image that fills what is shared."""
    made: CmsImage = factories.ImageFactory(
        title=title,
        description=description,
        file=ContentFile(factories.png(1300, 900), name="large.png"),
    )
    return made


@pytest.fixture
def site_settings() -> SiteSettings:
    """A site that says everything."""
    return SiteSettings.objects.create(
        site=Site.objects.get(),
        organisation="Human Dignity Foundation",
        description="Safer childhoods.",
        logo=factories.ImageFactory(title="Logo"),
        share_image=factories.ImageFactory(title="Shared", description="A harbour"),
    )


def insight(**fields: Any) -> InsightPage:
    made: InsightPage = factories.InsightPageFactory(
        **{
            "title": "An article",
            "slug": "an-article",
            "published_on": datetime.date(2021, 6, 16),
            "summary": "What it says.",
            **fields,
        }
    )
    return made


def seo_of(get: Get, page: Page) -> Any:
    return get(f"pages/{page.pk}/")["meta"]["seo"]


def test_an_article_says_everything(get: Get, site_settings: SiteSettings) -> None:
    page = insight(image=large("Boats", "Boats at dawn"))
    make_renditions()
    seo = seo_of(get, page)
    url = page.full_url
    assert seo["title"] == seo["open_graph"]["title"] == "An article"
    assert seo["description"] == seo["open_graph"]["description"] == "What it says."
    assert seo["canonical"] == seo["open_graph"]["url"] == url
    assert seo["robots"] == "index, follow"
    assert seo["open_graph"]["type"] == "article"
    # The name of the site, if it has one.
    assert seo["open_graph"]["site_name"] == "Human Dignity Foundation"
    image = seo["open_graph"]["image"]
    assert (image["width"], image["height"], image["alt"]) == (1200, 630, "Boats at dawn")
    assert image["url"].startswith("http")
    assert "fill-1200x630.format-" in image["url"]
    assert seo["article"]["published_time"] == "2021-06-16T00:00:00Z"
    assert seo["article"]["modified_time"].startswith(page.last_published_at.isoformat()[:19])
    graph = seo["json_ld"]
    assert violations(graph) == []
    article = node_of(graph, "Article")
    assert lacking(article) == set()
    assert article["headline"] == "An article"
    assert article["image"] == [image["url"]]
    assert article["datePublished"] == seo["article"]["published_time"]
    assert article["inLanguage"] == "en-gb"
    for organisation in (*article["author"], article["publisher"]):
        assert organisation["name"] == "Human Dignity Foundation"
        assert lacking(organisation) == set()
    trail = node_of(graph, "BreadcrumbList")["itemListElement"]
    assert trail[-1] == {
        "@type": "ListItem",
        "position": len(trail),
        "name": "An article",
        "item": url,
    }


def test_the_time_zone_of_the_site_says_when_a_date_begins(get: Get, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Madrid"
    page = insight()
    assert seo_of(get, page)["article"]["published_time"] == "2021-06-16T00:00:00+02:00"


def test_what_is_yet_to_come_was_not_changed_before_it(get: Get) -> None:
    times = seo_of(get, insight(published_on=datetime.date(2999, 1, 1)))["article"]
    assert times["modified_time"] == times["published_time"] == "2999-01-01T00:00:00Z"


def test_a_page_says_what_editors_give_for_search_engines(get: Get) -> None:
    page = factories.ContentPageFactory(
        title="About", seo_title="Who we are", search_description="In short.", summary="At length."
    )
    seo = seo_of(get, page)
    assert (seo["title"], seo["description"]) == ("Who we are", "In short.")
    assert (seo["open_graph"]["type"], seo["article"]) == ("website", None)
    assert node_of(seo["json_ld"], "WebPage")["name"] == "Who we are"
    assert violations(seo["json_ld"]) == []


def test_the_site_stands_in_for_what_a_page_does_not_say(
    get: Get, site_settings: SiteSettings
) -> None:
    page = factories.ContentPageFactory(summary="")
    seo = seo_of(get, page)
    assert seo["description"] == "Safer childhoods."
    assert seo["open_graph"]["image"]["alt"] == "A harbour"
    # As long as there is no rendition, the original is shown, with its own size.
    image = site_settings.share_image
    assert seo["open_graph"]["image"]["url"].endswith(image.file.url)
    assert seo["open_graph"]["image"]["width"] == image.width
    make_renditions()
    assert "fill-1200x630.format-" in seo_of(get, page)["open_graph"]["image"]["url"]


def test_a_site_that_says_nothing_leaves_out_what_is_not_known(get: Get) -> None:
    seo = seo_of(get, factories.ContentPageFactory(summary=""))
    assert seo["description"] is None
    assert seo["open_graph"]["image"] is None
    assert violations(seo["json_ld"]) == []
    assert "logo" not in node_of(seo["json_ld"], "Organization")


@pytest.mark.parametrize("how", ["private", "gone", "drawing"])
def test_a_picture_that_cannot_be_shared_gives_way_to_that_of_the_site(
    get: Get, site_settings: SiteSettings, how: str
) -> None:
    image = factories.ImageFactory(title="Own")
    page = insight(image=image)
    if how == "private":
        private = image.collection.add_child(name="Private")
        private.view_restrictions.create(restriction_type="login")
        image.collection = private
        image.save()
    elif how == "gone":
        file = factories.file_of(image)
        file.kind = "broken"
        file.save()
    else:
        name = image.file.storage.save("drawing.svg", ContentFile(b"<svg/>"))
        CmsImage.objects.filter(pk=image.pk).update(file=name)
    assert seo_of(get, page)["open_graph"]["image"]["alt"] == "A harbour"


def test_search_engines_are_kept_from_hidden_pages(get: Get) -> None:
    page = factories.ContentPageFactory()
    assert seo_of(get, page)["robots"] == "index, follow"
    page.hide_from_search_engines = True
    publish_unchecked(page.save_revision())
    assert seo_of(get, page)["robots"] == "noindex"


def test_an_alias_names_its_original(get: Get) -> None:
    page = insight()
    alias = page.create_alias(update_slug="again")
    seo = seo_of(get, alias)
    assert seo["canonical"] == seo["open_graph"]["url"] == page.full_url
    assert node_of(seo["json_ld"], "WebPage")["url"] == page.full_url
    # Also if the original itself is one.
    assert seo_of(get, alias.create_alias(update_slug="thrice"))["canonical"] == page.full_url


def test_what_leads_elsewhere_claims_nothing_of_somebody_elses_article(get: Get) -> None:
    page = insight(external_url="https://example.org/a", source="EXAMPLE.ORG", body=[])
    seo = seo_of(get, page)
    assert seo["canonical"] == "https://example.org/a"
    assert (seo["robots"], seo["article"], seo["open_graph"]["type"]) == (
        "noindex",
        None,
        "website",
    )
    assert {node["@type"] for node in seo["json_ld"]["@graph"]} == {"Organization", "WebSite"}
    assert violations(seo["json_ld"]) == []


def test_a_page_type_that_says_nothing_has_what_any_page_has(get: Get) -> None:
    page = factories.EventPageFactory(title="An event", search_description="Come.")
    assert meanings_of(EventPage) == Meanings()
    seo = seo_of(get, page)
    assert (seo["title"], seo["description"], seo["robots"]) == (
        "An event",
        "Come.",
        "index, follow",
    )
    assert violations(seo["json_ld"]) == []


@pytest.mark.parametrize(
    ("declared", "mistake"),
    [
        ("Article", "is a str, and no dict"),
        ({"imgae": "image"}, "did you mean 'image'?"),
        ({"anything": "title"}, "it has image, description"),
        ({"description": "summery"}, "description names 'summery'"),
        ({"description": None}, "description names None"),
        ({"image": "title"}, "image names 'title', which is no foreign key to an image"),
        ({"image": "parent_page"}, "image names 'parent_page'"),
        ({"schema": "Artikel"}, "schema is 'Artikel'"),
        ({"schema": []}, "schema is []"),
    ],
)
def test_a_mistake_is_named_and_counts_as_not_said(
    get: Get, monkeypatch: pytest.MonkeyPatch, declared: Any, mistake: str
) -> None:
    monkeypatch.setattr(EventPage, "api_seo", declared, raising=False)
    (message,) = checks.check_api_seo(None)
    assert message.id == "frontend_api.E011"
    assert mistake in message.msg
    assert meanings_of(EventPage) == Meanings()


def test_page_types_here_make_no_mistake() -> None:
    assert checks.check_api_seo(None) == []


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@given(text=st.one_of(texts, texts.map(lambda text: f"{text} " * 40)))
def test_a_headline_is_never_longer_than_what_is_shown(text: str) -> None:
    made = headline(text)
    assert len(made) <= 110
    assert made == text or (made.endswith("…") and text.startswith(made[:-1]))


@settings(max_examples=12, deadline=None, suppress_health_check=[*HealthCheck])
@given(title=texts, summary=texts)
def test_whatever_is_typed_keeps_the_rules(get: Get, title: str, summary: str) -> None:
    page = ContentPage.objects.first() or factories.ContentPageFactory()
    ContentPage.objects.filter(pk=page.pk).update(
        title=f"{title[:250]}x", search_description=summary, seo_title=title[:255]
    )
    seo = seo_of(get, page)
    assert violations(seo["json_ld"]) == []
    assert seo["title"]
    assert seo["title"] == " ".join(seo["title"].split())
