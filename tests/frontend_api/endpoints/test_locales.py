"""Pages in two languages: their addresses, what is listed, and what is found in another language."""

from typing import Any

import pytest
from wagtail.models import Page, Site

from cms.models import HomePage
from tests import factories
from tests.bilingual import Bilingual, bilingual, paths, translated
from tests.frontend_api.conftest import Get, titles

pytestmark = [pytest.mark.django_db, pytest.mark.once]

AT = "http://localhost"


@pytest.fixture
def two_languages(db: None, settings: Any) -> Bilingual:
    """The default site in English and French."""
    return bilingual(settings)


def found(get: Get, path: str, **parameters: str) -> str:
    """Return the address of the page that is found."""
    return str(get("pages/find/", html_path=path, **parameters)["meta"]["html_url"])


def test_a_page_in_another_language_stands_below_its_code(
    get: Get, two_languages: Bilingual
) -> None:
    below = factories.ContentPageFactory(
        parent=two_languages.a_propos, title="Équipe", slug="equipe"
    )
    for page, path in (
        (two_languages.home, "/"),
        (two_languages.accueil, "/fr/"),
        (two_languages.about, "/about/"),
        (two_languages.a_propos, "/fr/a-propos/"),
        (below, "/fr/a-propos/equipe/"),
    ):
        assert found(get, path) == f"{AT}{path}"
        assert get(f"pages/{page.pk}/")["meta"]["html_url"] == f"{AT}{path}"
        # As Wagtail's own "View live" has it.
        assert page.full_url == f"{AT}{path}"
    assert get(f"pages/{below.pk}/")["meta"]["parent"]["title"] == "À propos"
    assert get(f"pages/{two_languages.accueil.pk}/")["meta"]["parent"] is None
    for path in ("/a-propos/", "/fr/about/", "/home-fr/", "/de/about/"):
        get("pages/find/", html_path=path, expect=404)


def test_listings_have_both_languages_or_one(get: Get, two_languages: Bilingual) -> None:
    french = [f"{AT}/fr/", f"{AT}/fr/a-propos/"]
    everything = paths(get("pages/"))
    assert set(french) < set(everything)
    assert paths(get("pages/", locale="fr")) == french
    assert paths(get("pages/", child_of=two_languages.accueil.pk)) == french[1:]
    assert paths(get("pages/", descendant_of=two_languages.accueil.pk)) == french[1:]
    assert paths(get("pages/", translation_of=two_languages.about.pk)) == french[1:]
    assert f"{AT}/fr/a-propos/" not in paths(get("pages/", descendant_of="root"))


def test_collections_are_narrowed_to_a_language(get: Get, two_languages: Bilingual) -> None:
    programme = factories.ProgrammePageFactory(title="A programme")
    insight = factories.InsightPageFactory(title="An insight")
    translated(programme, two_languages.french, title="Un programme")
    translated(insight, two_languages.french, title="Un éclairage")
    for name, ours, theirs in (
        ("programmes", "A programme", "Un programme"),
        ("insights", "An insight", "Un éclairage"),
    ):
        assert titles(get(f"{name}/", locale="en-gb")) == [ours]
        assert titles(get(f"{name}/", locale="fr")) == [theirs]
        assert get(f"{name}/")["meta"]["total_count"] == 2


def test_a_page_is_found_in_the_language_asked_for(get: Get, two_languages: Bilingual) -> None:
    assert found(get, "/about/", locale="fr") == f"{AT}/fr/a-propos/"
    assert found(get, "/fr/a-propos/", locale="en-gb") == f"{AT}/about/"
    assert found(get, "/about/", locale="en-gb") == f"{AT}/about/"
    by_id = get("pages/find/", id=two_languages.about.pk, locale="fr")
    assert by_id["id"] == two_languages.a_propos.pk
    get("pages/find/", html_path="/", locale="xx", expect=404)


def test_what_is_missing_is_given_in_the_sites_language_to_who_asks_for_it(
    get: Get, two_languages: Bilingual
) -> None:
    factories.ContentPageFactory(title="Contact", slug="contact")
    waits = factories.ContentPageFactory(title="Waits", slug="waits")
    translated(waits, two_languages.french, live=False, slug="attend")
    for path in ("/contact/", "/waits/"):
        get("pages/find/", html_path=path, locale="fr", expect=404)
        given = get("pages/find/", html_path=path, locale="fr", fallback="default")
        assert given["meta"]["html_url"] == f"{AT}{path}"
        assert given["meta"]["locale"] == "en-gb"
        assert found(get, f"/fr{path}", fallback="default") == f"{AT}{path}"
        assert found(get, f"/fr{path}", fallback="default", locale="fr") == f"{AT}{path}"
        get("pages/find/", html_path=f"/fr{path}", expect=404)
    # Of what a draft is a translation is told to nobody.
    get("pages/find/", html_path="/fr/attend/", fallback="default", expect=404)
    get("pages/find/", html_path="/nowhere/", fallback="default", expect=404)
    get("pages/find/", html_path="/fr/nowhere/", fallback="default", expect=404)
    assert found(get, "/fr/a-propos/", fallback="default") == f"{AT}/fr/a-propos/"
    get("pages/find/", html_path="/", fallback="fr", expect=400)


def test_a_translated_home_with_a_site_of_its_own_belongs_to_that(
    get: Get, two_languages: Bilingual
) -> None:
    Site.objects.create(hostname="fr.example", port=443, root_page=two_languages.accueil)
    assert [one["code"] for one in get("site/")["locales"]] == ["en-gb"]
    theirs = get("site/", site="fr.example")
    assert [(one["code"], one["is_default"]) for one in theirs["locales"]] == [("fr", True)]
    assert theirs["meta"]["locale"] == "fr"
    assert theirs["words"]["search"] == "Rechercher"
    get(f"pages/{two_languages.a_propos.pk}/", expect=404)
    own = get("pages/find/", html_path="/fr/a-propos/", site="fr.example")
    assert own["meta"]["html_url"] == "https://fr.example/fr/a-propos/"


def test_each_of_two_sites_shows_its_own_languages(get: Get, two_languages: Bilingual) -> None:
    root = Page.get_first_root_node()
    other = root.add_child(instance=HomePage(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", port=443, root_page=other)
    translated(other, two_languages.french, title="Autre")
    assert [one["html_url"] for one in get("site/", site="other.example")["locales"]] == [
        "https://other.example/",
        "https://other.example/fr/",
    ]
    assert [one["html_url"] for one in get("site/")["locales"]] == [f"{AT}/", f"{AT}/fr/"]
    assert titles(get("pages/", site="other.example", locale="fr")) == ["Autre"]
