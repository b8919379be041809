"""The number of queries depends on what is asked for, never on how much there is."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from cms.models import FeaturedInsight, FeaturedProgramme
from tests import factories

pytestmark = pytest.mark.django_db

MANY = 50
# On PostgreSQL each write to the search index weighs the titles of all entries that are as long as the average one,
# as the titles made here are; so many objects are indexed at once when they are all there.
INDEXED_LATER = {
    "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False},
}


def rich(pages: list[Any], image: Any, document: Any) -> list[dict[str, Any]]:
    """Return a body that names much."""
    links = "".join(f'<a linktype="page" id="{page.pk}">x</a>' for page in pages)
    return [
        {"type": "rich_text", "value": f"<p>{links}</p>"},
        {"type": "rich_text", "value": f'<p><a linktype="document" id="{document.pk}">x</a></p>'},
        {
            "type": "image",
            "value": {"image": {"image": image.pk, "alt_text": "x", "decorative": False}},
        },
        {"type": "document", "value": {"document": document.pk, "label": ""}},
        {"type": "call_to_action", "value": {"label": "x", "page": pages[0].pk, "url": ""}},
        {"type": "video", "value": {"video": "https://vimeo.com/1", "caption": ""}},
    ]


def make_programme() -> None:
    theme = factories.ThemeFactory()
    image = factories.ImageFactory()
    document = factories.DocumentFactory()
    insight = factories.InsightPageFactory(themes=[theme], image=image)
    factories.ProgrammePageFactory(
        image=image,
        themes=[theme],
        partners=[factories.PartnerFactory(logo=image), factories.PartnerFactory()],
        insights=[insight],
        figures=[{"value": "1", "label": "x"}],
        parts=[{"title": "x", "start_year": 2015, "end_year": 2016}],
        body=[
            *rich([insight], image, document),
            {"type": "insights", "value": {"heading": "", "insights": [insight.pk]}},
        ],
    )
    factories.ProgrammePageFactory(themes=[theme])


def make_insight() -> None:
    image = factories.ImageFactory()
    other = factories.ContentPageFactory()
    factories.InsightPageFactory(
        image=image,
        themes=[factories.ThemeFactory(), factories.ThemeFactory()],
        body=rich([other], image, factories.DocumentFactory()),
    )


def make_event() -> None:
    factories.EventPageFactory(follows=factories.EventPageFactory(), speakers=["a", "b"])


LISTINGS = [
    "pages/",
    "pages/?fields=*",
    "pages/?search=Programme",
    "pages/?type=programmes.ProgrammePage,insights.InsightPage",
    "programmes/",
    "programmes/?fields=*",
    "programmes/?fields=related_insights(*)",
    "programmes/?status=completed&running_in=2020",
    "insights/",
    "insights/?fields=*",
    "insights/?kind=article&order=title",
    "events/",
    "events/?fields=*",
    "images/",
    "images/?search=Image",
    "documents/",
]


def queries(client: Client, path: str) -> int:
    """Return how many queries a read takes; the first read fills what Wagtail keeps in memory."""
    client.get(f"/api/v2/{path}")
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"/api/v2/{path}")
    assert response.status_code == 200
    return len(captured)


def test_a_listing_takes_the_same_queries_for_one_item_and_for_fifty(client: Client) -> None:
    def make() -> None:
        make_programme()
        make_insight()
        make_event()
        factories.ImageFactory().tags.add("a", "b")
        factories.DocumentFactory().tags.add("a", "b")

    paths = [path + ("&" if "?" in path else "?") + "limit=100" for path in LISTINGS]
    make()
    # The migrations' own pages are in no index yet.
    call_command("update_index", verbosity=0)
    for_one = {path: queries(client, path) for path in paths}
    with override_settings(WAGTAILSEARCH_BACKENDS=INDEXED_LATER):
        for _ in range(MANY - 1):
            make()
    call_command("update_index", verbosity=0)
    for_fifty = {path: queries(client, path) for path in paths}
    assert for_one == for_fifty
    for path in paths:
        assert len(client.get(f"/api/v2/{path}").json()["items"]) >= MANY, path


def test_a_detail_takes_the_same_queries_for_one_block_and_for_forty(client: Client) -> None:
    image, document = factories.ImageFactory(), factories.DocumentFactory()
    few_pages = [factories.InsightPageFactory(image=image)]
    many_pages = [factories.InsightPageFactory(image=factories.ImageFactory()) for _ in range(40)]
    few = factories.ContentPageFactory(body=rich(few_pages, image, document))
    many = factories.ContentPageFactory(
        body=[block for page in many_pages for block in rich([page], page.image, document)]
    )
    assert queries(client, f"pages/{few.pk}/") == queries(client, f"pages/{many.pk}/")


def test_home_takes_the_same_queries_however_much_it_features(client: Client) -> None:
    home = factories.home()

    def feature(count: int) -> int:
        theme = factories.ThemeFactory()
        home.featured_programmes.set(
            [
                FeaturedProgramme(
                    page=factories.ProgrammePageFactory(
                        themes=[theme], partners=[factories.PartnerFactory()]
                    ).page_ptr
                )
                for _ in range(count)
            ]
        )
        home.featured_insights.set(
            [
                FeaturedInsight(page=factories.InsightPageFactory(themes=[theme]).page_ptr)
                for _ in range(count)
            ]
        )
        home.save()
        return queries(client, f"pages/{home.pk}/")

    assert feature(1) == feature(20)


def test_a_programme_takes_the_same_queries_however_many_insights_are_chosen(
    client: Client,
) -> None:
    themes = [factories.ThemeFactory() for _ in range(10)]
    few = factories.ProgrammePageFactory(
        themes=themes[:1], insights=[factories.InsightPageFactory(themes=themes[:1])]
    )
    many = factories.ProgrammePageFactory(
        themes=themes, insights=[factories.InsightPageFactory(themes=themes) for _ in range(20)]
    )
    assert queries(client, f"pages/{few.pk}/") == queries(client, f"pages/{many.pk}/")
