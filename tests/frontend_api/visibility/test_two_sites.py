"""Two sites, beside each other or one within the other: each shows its own, and links lead from one to the other."""

from typing import Any

import pytest
from wagtail.blocks import ListBlock, RichTextBlock, StructBlock
from wagtail.models import Page, Site

from cms.models import FooterItem, HomePage, NavigationItem, SiteSettings
from frontend_api.serialization.blocks import represent_block
from frontend_api.serialization.deferred import build
from frontend_api.visibility.perspective import Perspective
from tests import factories
from tests.frontend_api.conftest import Get, titles

pytestmark = [pytest.mark.django_db, pytest.mark.once]

THERE = "https://other.example"


@pytest.fixture(params=["beside", "within"])
def other(request: pytest.FixtureRequest) -> Site:
    """Another site, with a home page in a tree of its own or below that of the first one."""
    above = Page.get_first_root_node() if request.param == "beside" else factories.home()
    home = above.add_child(instance=HomePage(title="Other", slug="other"))
    site: Site = Site.objects.create(hostname="other.example", port=443, root_page=home)
    return site


def naming(page: Page, **given: Any) -> Any:
    """Return a page that links another one in every way."""
    return factories.ContentPageFactory(
        body=[
            {"type": "rich_text", "value": f'<a linktype="page" id="{page.pk}">Here</a>'},
            {"type": "call_to_action", "value": {"label": "Go", "page": page.pk, "url": ""}},
        ],
        **given,
    )


def links(get: Get, page: Page, **site: str) -> list[Any]:
    """Return where the links of such a page lead."""
    html, button = (block["value"] for block in get(f"pages/{page.pk}/", **site)["body"])
    return [html, button["link"]]


def test_each_site_shows_its_own(get: Get, other: Site) -> None:
    theirs = factories.ContentPageFactory(title="Theirs", slug="a", parent=other.root_page)
    ours = factories.ContentPageFactory(title="Ours", slug="a")
    named = {"site": "other.example"}
    assert titles(get("pages/", **named)) == ["Other", "Theirs"]
    assert titles(get("pages/", limit=100)) == ["Home", "Programmes", "Insight", "Ours"]
    assert get("pages/find/", html_path="/a/")["id"] == ours.pk
    assert get("pages/find/", html_path="/a/", **named)["id"] == theirs.pk
    get(f"pages/{theirs.pk}/", expect=404)
    get(f"pages/{ours.pk}/", expect=404, **named)
    get("pages/find/", html_path="/other/a/", expect=404)
    settings = SiteSettings.for_site(other)
    settings.organisation = "The others"
    settings.save()
    assert get("site/", **named)["organisation"] == "The others"
    assert get("site/")["organisation"] == ""
    assert [one["html_url"] for one in get("site/", **named)["locales"]] == [f"{THERE}/"]


class Card(StructBlock):
    """A block with code of its own, that gets texts as Wagtail has them."""

    texts = ListBlock(RichTextBlock())

    def get_api_representation(self, value: Any, context: Any = None) -> list[str]:
        return [str(text).strip() for text in value["texts"]]


def test_code_of_a_project_gets_texts_whose_links_lead_to_either_site(other: Site) -> None:
    theirs = factories.ContentPageFactory(title="Theirs", slug="theirs", parent=other.root_page)
    ours = factories.ContentPageFactory(title="Ours", slug="ours")
    hidden = factories.ContentPageFactory(live=False, parent=other.root_page)
    texts = [f'<a linktype="page" id="{page.pk}">Here</a>' for page in (theirs, ours, hidden)]
    perspective = Perspective(factories.default_site())
    shown, _ = build(represent_block(Card(), {"texts": texts}, perspective), perspective, None)
    assert shown == [
        f'<a href="{THERE}/theirs/">Here</a>',
        '<a href="/ours/">Here</a>',
        "Here",
    ]


def test_a_link_to_a_page_of_another_site_leads_to_its_frontend(get: Get, other: Site) -> None:
    theirs = factories.ContentPageFactory(title="Theirs", slug="theirs", parent=other.root_page)
    page = naming(theirs)
    address = f"{THERE}/theirs/"
    there = {"url": address, "external": True}
    assert links(get, page) == [f'<a href="{address}">Here</a>', there]
    markdown = get(f"pages/{page.pk}/", rich_text_format="markdown")["body"][0]["value"]
    assert markdown == f"[Here]({address})"
    back = naming(page, parent=other.root_page)
    ours = f"http://localhost/{page.slug}/"
    assert links(get, back, site="other.example") == [
        f'<a href="{ours}">Here</a>',
        {"url": ours, "external": True},
    ]
    settings = SiteSettings.for_site(factories.default_site())
    below = [{"type": "link", "value": {"page": theirs.pk, "url": "", "label": "There"}}]
    settings.navigation = [NavigationItem(page=theirs), NavigationItem(page=page, children=below)]
    settings.footer_navigation = [FooterItem(page=theirs, label="Others")]
    settings.save()
    shown = get("site/")
    assert shown["navigation"][0] == {"label": "Theirs", **there, "children": []}
    assert shown["navigation"][1]["children"] == [{"label": "There", **there, "children": []}]
    assert shown["footer_navigation"] == [{"label": "Others", **there, "children": []}]


@pytest.mark.parametrize("how", ["draft", "restricted", "below a draft"])
def test_what_the_readers_of_the_other_site_do_not_see_is_no_link(
    get: Get, other: Site, how: str
) -> None:
    section = factories.ContentPageFactory(slug="section", parent=other.root_page)
    theirs = factories.ContentPageFactory(title="Zanzibar", slug="zanzibar", parent=section)
    page = naming(theirs)
    settings = SiteSettings.for_site(factories.default_site())
    settings.navigation = [NavigationItem(page=theirs)]
    settings.save()
    assert links(get, page)[1]
    if how == "restricted":
        factories.restrict(theirs)
    else:
        hidden = theirs if how == "draft" else section
        hidden.unpublish()
    assert links(get, page) == ["Here", None]
    assert get("site/")["navigation"] == []
    assert "zanzibar" not in str([get(f"pages/{page.pk}/"), get("site/")]).lower()


def test_a_page_of_another_site_is_linked_and_not_shown(get: Get, other: Site) -> None:
    theirs = factories.InsightPageFactory(title="Zanzibar", slug="z", parent=other.root_page)
    page = factories.ContentPageFactory(
        body=[{"type": "insights", "value": {"heading": "", "insights": [theirs.pk]}}]
    )
    shown = get(f"pages/{page.pk}/")
    assert shown["body"][0]["value"]["insights"] == [None]
    assert "Zanzibar" not in str([shown, get("insights/"), get("pages/", search="zanzibar")])
