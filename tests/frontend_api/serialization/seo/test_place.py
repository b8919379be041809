"""Where a page stands: what is above it, and its translations."""

from typing import Any

import pytest
from wagtail.models import Locale, Page, PageViewRestriction, Site

from cms.models import ContentPage
from tests import factories
from tests.frontend_api.conftest import Get
from tests.frontend_api.draft_site import seen_by
from tests.publishing import publish_unchecked

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def section() -> ContentPage:
    return factories.ContentPageFactory(title="Section", slug="section")


@pytest.fixture
def below(section: ContentPage) -> ContentPage:
    return factories.ContentPageFactory(parent=section, title="Below", slug="below")


@pytest.fixture
def french(settings: Any) -> Locale:
    """A second language, whose home is one of the site."""
    settings.WAGTAIL_I18N_ENABLED = True
    return Locale.objects.get_or_create(language_code="fr")[0]


def translated(page: Page, french: Locale, **fields: Any) -> Any:
    """Return a published translation of a page."""
    made = page.specific.copy_for_translation(french, copy_parents=True)
    for name, value in fields.items():
        setattr(made, name, value)
    publish_unchecked(made.save_revision())
    return type(made).objects.get(pk=made.pk)


def test_ancestors_come_from_the_home_page_down(get: Get, below: ContentPage) -> None:
    home = Site.objects.get().root_page
    section = below.get_parent()
    page = get(f"pages/{below.pk}/")
    assert page["meta"]["ancestors"] == [
        {
            "id": home.pk,
            "type": "cms.HomePage",
            "title": home.title,
            "html_url": f"{Site.objects.get().root_url}/",
        },
        {
            "id": section.pk,
            "type": "cms.ContentPage",
            "title": "Section",
            "html_url": f"{Site.objects.get().root_url}/section/",
        },
    ]
    assert get(f"pages/{home.pk}/")["meta"]["ancestors"] == []


def test_listings_have_them_only_where_they_are_asked_for(get: Get, below: ContentPage) -> None:
    (plain,) = get("pages/", slug="below")["items"]
    assert not {"ancestors", "translations", "x_default", "seo"} & set(plain["meta"])
    (asked,) = get("pages/", slug="below", fields="ancestors,seo,translations,x_default")["items"]
    detail = get(f"pages/{below.pk}/")["meta"]
    for name in ("ancestors", "translations", "x_default", "seo"):
        assert asked["meta"][name] == detail[name], name


def test_nothing_is_told_of_a_hidden_page_above(get: Get, section: ContentPage) -> None:
    section.title, section.live = "Secret", False
    section.save()
    page = factories.ContentPageFactory(parent=section, title="Below", slug="below")
    # Whoever has the link of one draft sees that draft, and nothing else that is not public.
    with seen_by(None, draft=page):
        meta = get(f"pages/{page.pk}/")["meta"]
    assert [one["title"] for one in meta["ancestors"]] == [Site.objects.get().root_page.title]
    assert "Secret" not in str(meta)


def test_drafts_above_are_seen_as_drafts(get: Get, below: ContentPage) -> None:
    section = below.get_parent().specific
    section.title, section.slug = "Renamed", "renamed"
    section.save_revision()
    with seen_by(factories.UserFactory(groups=["Editors"])):
        meta = get(f"pages/{below.pk}/")["meta"]
    assert meta["ancestors"][1]["title"] == "Renamed"
    assert meta["ancestors"][1]["html_url"].endswith("/renamed/")
    trail = next(
        node for node in meta["seo"]["json_ld"]["@graph"] if node["@type"] == "BreadcrumbList"
    )
    assert [step["name"] for step in trail["itemListElement"]][1:] == ["Renamed", "Below"]
    public = get(f"pages/{below.pk}/")["meta"]
    assert public["ancestors"][1]["title"] == "Section"


def test_a_page_without_translations_has_none(get: Get, below: ContentPage) -> None:
    meta = get(f"pages/{below.pk}/")["meta"]
    assert (meta["translations"], meta["x_default"]) == ([], None)


def test_translations_name_each_other(get: Get, below: ContentPage, french: Locale) -> None:
    other = translated(below, french, title="Dessous")
    pages = [get(f"pages/{page.pk}/") for page in (below, other)]
    first = pages[0]["meta"]
    assert first["translations"] == [
        {"locale": page["meta"]["locale"], "html_url": page["meta"]["html_url"], "id": page["id"]}
        for page in pages
    ]
    assert first["x_default"] == first["html_url"]
    for name in ("translations", "x_default"):
        assert pages[1]["meta"][name] == first[name]
    # The pages above a translation are those of its own language.
    assert pages[1]["meta"]["ancestors"][0]["id"] == other.get_ancestors().get(depth=2).pk
    assert pages[1]["meta"]["seo"]["canonical"] == pages[1]["meta"]["html_url"]
    assert pages[1]["meta"]["seo"]["open_graph"]["locale"] == "fr"


@pytest.mark.parametrize("how", ["draft", "restricted", "expired", "below a draft"])
def test_a_translation_that_is_not_public_is_none(
    get: Get, below: ContentPage, french: Locale, how: str
) -> None:
    other = translated(below, french, title="Caché")
    assert len(get(f"pages/{below.pk}/")["meta"]["translations"]) == 2
    if how == "draft":
        other.unpublish()
    elif how == "restricted":
        PageViewRestriction.objects.create(page=other, restriction_type="login")
    elif how == "expired":
        Page.objects.filter(pk=other.pk).update(expire_at=other.first_published_at)
    else:
        other.get_parent().specific.unpublish()
    meta = get(f"pages/{below.pk}/")["meta"]
    assert (meta["translations"], meta["x_default"]) == ([], None)


def test_a_page_of_another_language_that_shows_an_original_is_no_translation(
    get: Get, below: ContentPage, french: Locale
) -> None:
    copy = below.copy_for_translation(french, copy_parents=True, alias=True)
    for page in (below, copy):
        assert get(f"pages/{page.pk}/")["meta"]["translations"] == []
    seo = get(f"pages/{copy.pk}/")["meta"]["seo"]
    assert seo["canonical"] == get(f"pages/{below.pk}/")["meta"]["html_url"]
    assert seo["open_graph"]["url"] == seo["canonical"]


def test_a_draft_of_a_translation_is_one_for_its_editor(
    get: Get, below: ContentPage, french: Locale
) -> None:
    other = below.copy_for_translation(french, copy_parents=True)
    assert get(f"pages/{below.pk}/")["meta"]["translations"] == []
    with seen_by(factories.UserFactory(is_superuser=True)):
        found = get(f"pages/{below.pk}/")["meta"]["translations"]
    assert [one["id"] for one in found] == [below.pk, other.pk]
