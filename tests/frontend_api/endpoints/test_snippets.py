"""Collections of snippets: themes, partners, and whatever else an app registers."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.api import ThemesViewSet
from cms.models import Theme
from frontend_api.endpoints import collections, snippets
from frontend_api.endpoints.snippets import SnippetViewSet, register
from programmes.models import Partner
from tests import factories
from tests.events.models import Sponsor
from tests.frontend_api.conftest import Get

pytestmark = pytest.mark.django_db


def names(listing: dict[str, Any]) -> list[str]:
    """Return the names of the items of a listing."""
    return [item["name"] for item in listing["items"]]


def test_those_are_shown_that_a_public_page_names(get: Get) -> None:
    make = factories.PartnerFactory
    public, draft, private, nobody = (
        make(name=name) for name in ("Public", "Draft", "Private", "Nobody")
    )
    factories.ProgrammePageFactory(partners=[public])
    page = factories.ProgrammePageFactory(partners=[draft, public], live=False)
    factories.restrict(factories.ProgrammePageFactory(partners=[private]))
    listing = get("partners/")
    assert (names(listing), listing["meta"]) == (["Public"], {"total_count": 1})
    assert get(f"partners/{public.pk}/")["name"] == "Public"
    for hidden in (draft, private, nobody):
        assert "no such partner" in get(f"partners/{hidden.pk}/", expect=404)["detail"]
        assert names(get("partners/", name=hidden.name)) == []
        assert names(get("partners/", search=hidden.name)) == []
    page.live = True
    page.save()
    assert names(get("partners/")) == ["Draft", "Public"]


def test_a_theme_is_named_by_pages_of_any_type(get: Get) -> None:
    one, other, third = (factories.ThemeFactory(name=name) for name in ("One", "Other", "Third"))
    factories.ProgrammePageFactory(themes=[other])
    factories.InsightPageFactory(themes=[one, other])
    factories.InsightPageFactory(themes=[third], live=False)
    assert names(get("themes/")) == ["One", "Other"]
    assert get(f"themes/{one.pk}/") == {
        "id": one.pk,
        "name": "One",
        "slug": one.slug,
        "meta": {"type": "cms.Theme"},
    }


@pytest.mark.indexed
def test_they_are_ordered_filtered_searched_and_paged(get: Get) -> None:
    themes = [factories.ThemeFactory(name=name, slug=name.lower()) for name in ("Ab", "Cd", "Ef")]
    factories.InsightPageFactory(themes=themes)
    assert names(get("themes/", order="-name")) == ["Ef", "Cd", "Ab"]
    assert names(get("themes/", slug="cd")) == ["Cd"]
    assert names(get("themes/", search="cd")) == ["Cd"]
    assert names(get("themes/", limit="1", offset="1")) == ["Cd"]
    assert get("themes/", fields="_,name")["items"] == [{"name": n} for n in ("Ab", "Cd", "Ef")]
    get("themes/", expect=400, fields="nothing")
    get("themes/", expect=400, order="colour")
    get("themes/", expect=400, id="x")
    get("themes/99999999999/", expect=404)


def test_what_has_drafts_itself_is_shown_once_it_is_published(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Sponsors(SnippetViewSet):
        model = Sponsor

    shown, draft = factories.SponsorFactory(), factories.SponsorFactory(live=False)
    factories.MeetingPageFactory(supporters=[shown, draft])
    factories.MeetingPageFactory(sponsor=(chosen := factories.SponsorFactory()))
    paths = {(holder.__name__, path) for holder, path in snippets.names_of(Sponsor)}
    assert paths == {("MeetingPage", "sponsor"), ("MeetingPage", "supporters")}
    monkeypatch.setattr(ThemesViewSet, "model", Sponsor)
    listing = get("themes/", order="id", fields="_,id")
    assert [item["id"] for item in listing["items"]] == sorted([shown.pk, chosen.pk])
    assert Sponsors.orders() == {"id", "name"}


def test_an_address_is_given_once() -> None:
    class Others(SnippetViewSet):
        model = Partner

    for name in ("themes", "programmes", "pages"):
        with pytest.raises(ImproperlyConfigured, match="answers at"):
            register(name, Others)
    register("themes", ThemesViewSet)
    assert collections.snippets["themes"] is ThemesViewSet
    assert ThemesViewSet.model is Theme
