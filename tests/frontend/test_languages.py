"""Menus as trees, words of the site, and a website in two languages."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from cms.words import words_in
from tests.frontend.conftest import SmallApi, Visitor
from tests.frontend.test_website import SITE, page


def link(label: str, url: str, *children: Any) -> dict[str, Any]:
    """Return a link of a menu as the API gives it."""
    external = url.startswith("http")
    return {"label": label, "url": url, "external": external, "children": list(children)}


LOCALES = [
    *SITE["locales"],
    {"code": "fr", "name": "Français", "html_url": "http://testserver/fr/", "is_default": False},
]
ENGLISH = {**SITE, "locales": LOCALES}
FRENCH = {
    **ENGLISH,
    "navigation": [
        link("À propos", "/fr/a-propos/", link("Équipe", "/fr/a-propos/equipe/")),
    ],
    "footer_navigation": [
        link("Mentions", "/fr/mentions/", link("INTERPOL", "https://i.example/"))
    ],
    "words": {**words_in("fr"), "search": "Trouver"},
    "meta": {"locale": "fr"},
}


def french(path: str, **meta: Any) -> dict[str, Any]:
    """Return a French page."""
    found = page(path, title="À propos")
    found["meta"].update({"locale": "fr", **meta})
    return found


@pytest.fixture
def two_languages(api: SmallApi, monkeypatch: pytest.MonkeyPatch) -> SmallApi:
    """An API of a site in English and French, which has one page in both."""
    answer = api.answer

    def by_language(path: str, query: dict[str, str], token: str = "") -> Any:
        found = answer(path, query, token)
        if path == "/site/":
            return 200, FRENCH if query.get("locale") == "fr" else ENGLISH
        return found

    monkeypatch.setattr(api, "answer", by_language)
    translations = [
        {"locale": code, "html_url": f"http://testserver{path}", "id": key}
        for code, path, key in (("en-gb", "/about/", 2), ("fr", "/fr/a-propos/", 1))
    ]
    in_french = french("/fr/a-propos/", translations=translations)
    api.answers["/pages/find/?/fr/a-propos/"] = 200, in_french
    api.answers["/search/"] = 200, {"meta": {"total_count": 0, "counts": {}}, "items": []}
    api.answers["/pages/find/?/about/"] = 200, page("/about/")
    return api


def drawn(website: Visitor, path: str, status: int = 200) -> BeautifulSoup:
    """Return a page of the website."""
    response = website.get(path)
    assert response.status_code == status
    return BeautifulSoup(response.text, "html.parser")


def test_a_page_is_drawn_in_its_language(two_languages: SmallApi, website: Visitor) -> None:
    html = drawn(website, "/fr/a-propos/")
    assert html.html["lang"] == "fr"
    assert html.select_one(".skip").text == "Aller au contenu"
    menu = html.select_one("nav[aria-label=Principal]")
    assert [one["href"] for one in menu.select("a")] == [
        "/fr/a-propos/",
        "/fr/a-propos/equipe/",
        "/fr/search",
    ]
    assert menu.select_one("summary").text == "Plus sous À propos"
    assert menu.select_one("[aria-current=page]").text == "À propos"
    assert menu.select("a")[-1].text == "Trouver"
    assert html.select_one(".brand")["href"] == "/fr/"
    footer = html.select_one("footer nav")
    assert [(one.text, one.get("rel")) for one in footer.select("a")] == [
        ("Mentions", None),
        ("INTERPOL", ["external", "noopener"]),
    ]


def test_one_goes_from_a_page_to_the_same_in_another_language(
    two_languages: SmallApi, website: Visitor
) -> None:
    choices = drawn(website, "/fr/a-propos/").select(".languages a")
    assert [(one["href"], one["lang"], one.get("aria-current")) for one in choices] == [
        ("/about/", "en-gb", None),
        ("/fr/a-propos/", "fr", "true"),
    ]
    # Where a page is in one language alone, its home page stands in.
    assert [one["href"] for one in drawn(website, "/about/").select(".languages a")] == [
        "/about/",
        "/fr/",
    ]


def test_a_site_in_one_language_offers_none(api: SmallApi, website: Visitor) -> None:
    api.answers["/site/"] = 200, SITE
    api.answers["/pages/find/"] = 200, page("/about/")
    assert not drawn(website, "/about/").select(".languages")


def test_what_is_no_page_is_in_the_language_of_its_path(
    two_languages: SmallApi, website: Visitor
) -> None:
    assert drawn(website, "/fr/nowhere/", 404).h1.text == "Page introuvable"
    assert drawn(website, "/nowhere/", 404).h1.text == "Page not found"
    assert drawn(website, "/french/", 404).html["lang"] == "en-gb"
    search = drawn(website, "/fr/search?q=paix")
    assert search.html["lang"] == "fr"
    assert search.select_one("form.search")["action"] == "/fr/search"
    asked = [query for path, query in two_languages.asked if path == "/search/"]
    assert asked[-1]["locale"] == "fr"
    assert drawn(website, "/search").html["lang"] == "en-gb"
    # Elsewhere it is a slug like any other.
    drawn(website, "/about/search", 404)


def test_a_word_with_strange_braces_is_only_a_word(
    two_languages: SmallApi, website: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {**FRENCH["words"], "more_below": "{0} {label!r} {label} {"}
    monkeypatch.setitem(FRENCH, "words", words)
    html = drawn(website, "/fr/a-propos/")
    assert html.select_one("summary").text == "{0} {label!r} À propos {"
