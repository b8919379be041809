"""What is private stays private, wherever something public names it."""

import datetime
from collections.abc import Callable

import pytest
from django.utils import timezone
from wagtail.models import Collection, Page, Site

from cms.models import (
    FeaturedInsight,
    FeaturedProgramme,
    HomePage,
    NavigationItem,
    SiteSettings,
)
from tests import factories
from tests.frontend_api.conftest import Get, titles

pytestmark = pytest.mark.django_db


def draft(page: Page) -> None:
    page.live = False
    page.save()


def expired(page: Page) -> None:
    # It expires now; the command that unpublishes has not run yet.
    page.expire_at = timezone.now() - datetime.timedelta(seconds=1)
    page.save()


def below_a_draft(page: Page) -> None:
    draft(page.get_parent())


def below_a_draft_with_an_old_count(page: Page) -> None:
    # As somebody leaves it who read the draft before it had anything below it, and saved it after.
    draft(page.get_parent())
    Page.objects.filter(pk=page.get_parent().pk).update(numchild=0)


def below_an_expired_page(page: Page) -> None:
    expired(page.get_parent())


def restricted(page: Page) -> None:
    factories.restrict(page)


def below_a_restricted_page(page: Page) -> None:
    factories.restrict(page.get_parent())


HIDINGS = [
    draft,
    expired,
    restricted,
    below_a_draft,
    below_a_draft_with_an_old_count,
    below_an_expired_page,
    below_a_restricted_page,
]


@pytest.mark.parametrize("hide", HIDINGS)
def test_a_private_page_is_nowhere(get: Get, hide: Callable[[Page], None]) -> None:
    """Not in a listing, a count, a search, at its id or path, nor anywhere that another page names it."""
    theme = factories.ThemeFactory()
    # It has a section of its own, so that hiding what is above hides nothing else.
    section = factories.ContentPageFactory(title="Section", slug="section")
    secret = factories.ContentPageFactory(
        parent=section, title="Zanzibar", slug="zanzibar", summary="Zanzibar", show_in_menus=True
    )
    insight = factories.InsightPageFactory(title="Zanzibar", slug="zanzibar", themes=[theme])
    home = factories.home()
    home.featured_insights.set([FeaturedInsight(page=insight.page_ptr)])
    home.featured_programmes.set([FeaturedProgramme(page=secret.page_ptr)])
    rich_text = f'<p><a linktype="page" id="{secret.pk}">Here</a> <a linktype="page" id="{insight.pk}">there</a></p>'
    home.introduction = rich_text
    home.body = [
        {"type": "rich_text", "value": rich_text},
        {"type": "call_to_action", "value": {"label": "Go", "page": secret.pk, "url": ""}},
        {"type": "insights", "value": {"heading": "", "insights": [insight.pk]}},
        {
            "type": "table",
            "value": {
                "columns": [{"type": "rich_text", "heading": "H"}],
                "rows": [{"values": [rich_text]}],
            },
        },
    ]
    home.save()
    settings = SiteSettings.for_site(factories.default_site())
    settings.navigation.set([NavigationItem(page=secret.page_ptr)])
    settings.footer_text = rich_text
    settings.save()
    programme = factories.ProgrammePageFactory(themes=[theme], insights=[insight])
    event = factories.EventPageFactory(notes=rich_text)

    def everything() -> str:
        return str(
            [
                get("pages/", limit=100),
                get("pages/", search="zanzibar"),
                get("pages/", title="Zanzibar")["meta"],
                get("insights/"),
                get("insights/", theme=theme.slug)["meta"],
                get("insights/", programme=programme.slug)["meta"],
                get(f"pages/{home.pk}/"),
                get(f"pages/{programme.pk}/"),
                get(f"pages/{event.pk}/"),
                get("site/"),
            ]
        ).lower()

    assert everything().count("zanzibar") > 10
    hide(Page.objects.get(pk=secret.pk).specific)
    if hide.__name__.startswith("below"):
        # The programme and the event have to stay where they are seen.
        restricted(insight)
    else:
        hide(insight)
    seen = everything()
    assert "zanzibar" not in seen
    assert str(secret.pk) not in {str(item["id"]) for item in get("pages/", limit=100)["items"]}
    detail = get(f"pages/{home.pk}/")
    assert detail["introduction"] == "<p>Here there</p>"
    assert detail["featured_insights"] == detail["featured_programmes"] == []
    assert detail["body"][1]["value"] == {"label": "Go", "link": None}
    assert detail["body"][2]["value"]["insights"] == [None]
    assert get("site/")["navigation"] == []
    nothing = get("pages/999999/", expect=404)
    assert get(f"pages/{secret.pk}/", expect=404) == nothing
    assert get("pages/find/", expect=404, html_path="/section/zanzibar/") == nothing
    assert get("pages/find/", expect=404, id=secret.pk) == nothing
    assert get(f"insights/{insight.pk}/", expect=404) == nothing


@pytest.mark.parametrize(
    "parameter", ["child_of", "descendant_of", "ancestor_of", "translation_of"]
)
def test_a_private_id_in_a_filter_is_as_good_as_none(get: Get, parameter: str) -> None:
    secret = factories.ContentPageFactory(live=False)
    private = get("pages/", expect=400, **{parameter: secret.pk})
    nothing = get("pages/", expect=400, **{parameter: 999_999})
    assert str(private).replace(f"is {secret.pk};", "is N;") == str(nothing).replace(
        "is 999999;", "is N;"
    )


def test_an_original_of_another_site_is_null(get: Get) -> None:
    root = Page.get_first_root_node().add_child(instance=HomePage(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", root_page=root)
    original = factories.ContentPageFactory(parent=root)
    alias = original.create_alias(parent=factories.home(), update_slug="alias")
    assert get(f"pages/{alias.pk}/")["meta"]["alias_of"] is None


def test_a_private_choice_is_no_way_to_filter_or_order(get: Get) -> None:
    """An event follows a draft and has an image of a private collection: nobody can ask which one."""
    private = Collection.get_first_root_node().add_child(name="Private")
    private.view_restrictions.create(restriction_type="login")
    image = factories.ImageFactory(collection=private)
    secret, public = factories.EventPageFactory(live=False), factories.EventPageFactory()
    factories.EventPageFactory(title="After a draft", follows=secret)
    factories.EventPageFactory(title="After another", follows=public)
    factories.ContentPageFactory(image=image)
    events, content = {"type": "events.EventPage"}, {"type": "cms.ContentPage"}
    assert titles(get("pages/", **events, follows=public.pk)) == ["After another"]
    assert titles(get("pages/", **events, follows=secret.pk)) == []
    assert titles(get("pages/", **content, image=image.pk)) == []
    get("pages/", expect=400, **events, order="follows")
    get("pages/", expect=400, **content, order="image")


def test_a_site_within_a_site_keeps_its_pages(get: Get) -> None:
    """A page belongs to the frontend that its address leads to, which is that of the nearest site."""
    inner = factories.ContentPageFactory(title="Inner home")
    page = factories.ContentPageFactory(parent=inner, title="Inner page", slug="page")
    assert "Inner page" in titles(get("pages/"))
    Site.objects.create(hostname="inner.example", root_page=inner)
    assert not {"Inner home", "Inner page"} & set(titles(get("pages/")))
    get(f"pages/{page.pk}/", expect=404)
    assert titles(get("pages/", site="inner.example")) == ["Inner home", "Inner page"]
    assert get("pages/find/", html_path="/page/", site="inner.example")["id"] == page.pk


def test_many_private_branches_are_no_burden(get: Get) -> None:
    """More of them than a condition may nest deep in SQLite."""
    home = factories.home()
    Page.objects.bulk_create(
        Page(
            title="Secret",
            slug=f"secret-{number}",
            url_path=f"{home.url_path}secret-{number}/",
            path=f"{home.path}Z{number:03}",
            depth=home.depth + 1,
            numchild=1,
            live=False,
            locale=home.locale,
            content_type=home.content_type,
        )
        for number in range(1000)
    )
    assert "Secret" not in titles(get("pages/", limit=100))


def test_a_public_alias_names_its_original(get: Get) -> None:
    original = factories.ContentPageFactory(title="Original")
    alias = original.create_alias(parent=factories.home(), update_slug="alias")
    assert get(f"pages/{alias.pk}/")["meta"]["alias_of"]["id"] == original.pk


@pytest.mark.parametrize("nested", [False, True])
def test_media_of_a_private_collection_is_nowhere(get: Get, nested: bool) -> None:
    private = Collection.get_first_root_node().add_child(name="Private")
    private.view_restrictions.create(restriction_type="login")
    collection = private.add_child(name="Below") if nested else private
    image = factories.ImageFactory(title="Zanzibar", collection=collection)
    document = factories.DocumentFactory(title="Zanzibar", collection=collection)
    rich_text = (
        f'<p><a linktype="document" id="{document.pk}">Report</a></p>'
        f'<embed embedtype="image" id="{image.pk}" format="left" alt="Zanzibar"/>'
    )
    page = factories.ContentPageFactory(
        image=image,
        body=[
            {"type": "rich_text", "value": rich_text},
            {
                "type": "image",
                "value": {
                    "image": {"image": image.pk, "alt_text": "Zanzibar", "decorative": False}
                },
            },
            {"type": "document", "value": {"document": document.pk, "label": ""}},
        ],
    )
    detail = get(f"pages/{page.pk}/")
    assert "zanzibar" not in str(detail).lower()
    assert detail["image"] is None
    assert [block["value"] for block in detail["body"]] == [
        "<p>Report</p>",
        {"image": None, "caption": "", "credit": ""},
        {"document": None, "label": ""},
    ]
    for kind, item in (("images", image), ("documents", document)):
        assert titles(get(f"{kind}/")) == []
        assert get(f"{kind}/")["meta"]["total_count"] == 0
        assert titles(get(f"{kind}/", search="zanzibar")) == []
        assert get(f"{kind}/{item.pk}/", expect=404) == get(f"{kind}/999999/", expect=404)


def test_a_page_is_seen_on_its_own_site_alone(get: Get) -> None:
    root = Page.get_first_root_node()
    other = root.add_child(instance=HomePage(title="Other home", slug="other"))
    Site.objects.create(hostname="other.example", port=8080, root_page=other)
    page = factories.ContentPageFactory(parent=other, title="Over there", slug="there")
    assert titles(get("pages/", site="other.example")) == ["Other home", "Over there"]
    assert titles(get("pages/", site="OTHER.example:8080")) == ["Other home", "Over there"]
    assert "Over there" not in titles(get("pages/"))
    shown = get("pages/find/", html_path="there", site="other.example")
    assert shown["meta"]["html_url"] == "http://other.example:8080/there/"
    assert shown["meta"]["parent"]["meta"]["html_url"] == "http://other.example:8080/"
    assert get(f"pages/{other.pk}/", site="other.example")["meta"]["parent"] is None
    get(f"pages/{page.pk}/", expect=404)
    get("pages/", expect=404, site="other.example:80")


def test_sites_on_one_hostname_are_told_apart_by_port(get: Get) -> None:
    other = Page.get_first_root_node().add_child(instance=HomePage(title="Other", slug="other"))
    Site.objects.create(hostname="localhost", port=9000, root_page=other)
    assert "Several sites" in get("pages/", expect=400, site="localhost")["detail"]
    assert titles(get("pages/", site="localhost:9000")) == ["Other"]


def test_without_a_default_site_one_has_to_be_named(get: Get) -> None:
    Site.objects.update(is_default_site=False)
    assert "no default site" in get("pages/", expect=400)["detail"]
    assert titles(get("pages/", site="localhost"))


def test_what_is_not_there_any_more_is_null(get: Get) -> None:
    page = factories.ContentPageFactory(
        body=[
            {
                "type": "image",
                "value": {"image": {"image": 999, "alt_text": "x", "decorative": False}},
            },
            {"type": "document", "value": {"document": 999, "label": ""}},
            {"type": "insights", "value": {"heading": "", "insights": [999]}},
            {"type": "call_to_action", "value": {"label": "Go", "page": 999, "url": ""}},
            {"type": "video", "value": {"video": "https://vimeo.com/1", "caption": ""}},
            {
                "type": "rich_text",
                "value": '<p><a linktype="page" id="999">x</a></p>'
                '<embed embedtype="image" id="999" alt="" format="left"/>',
            },
            {"type": "no_longer_a_block", "value": {}},
        ]
    )
    assert [block["value"] for block in get(f"pages/{page.pk}/")["body"]] == [
        {"image": None, "caption": "", "credit": ""},
        {"document": None, "label": ""},
        {"heading": "", "insights": [None]},
        {"label": "Go", "link": None},
        {
            "video": {
                "url": "https://vimeo.com/1",
                "title": "",
                "provider": "",
                "html": None,
                "width": None,
                "height": None,
                "thumbnail_url": None,
            },
            "caption": "",
        },
        "<p>x</p>",
    ]
