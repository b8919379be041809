"""`search`, on SQLite and on PostgreSQL."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.frontend_api.conftest import Get, titles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def content(db: None) -> None:
    """A few pages about the sea."""
    partner = factories.PartnerFactory(name="Lighthouse Trust")
    theme = factories.ThemeFactory(name="Navigation")
    for page in (
        factories.ProgrammePageFactory(title="Harbours", partners=[partner], start_year=2010),
        factories.ProgrammePageFactory(title="Boats", summary="Many harbours", themes=[theme]),
    ):
        page.save_revision().publish()
    factories.InsightPageFactory(
        title="Anchors",
        body=[{"type": "rich_text", "value": "<p>Every harbour needs <b>anchors</b>.</p>"}],
    )
    factories.ContentPageFactory(title="About harbours and boats")
    factories.ImageFactory(title="Harbour at night", description="Lanterns")
    factories.DocumentFactory(title="Harbour dues")


def test_titles_summaries_and_bodies_are_searched(get: Get) -> None:
    assert set(titles(get("pages/", search="harbours"))) >= {
        "Harbours",
        "Boats",
        "About harbours and boats",
    }
    assert titles(get("pages/", search="anchors")) == ["Anchors"]
    assert titles(get("insights/", search="anchors")) == ["Anchors"]
    assert set(titles(get("programmes/", search="harbours"))) == {"Harbours", "Boats"}


def test_partners_and_themes_are_found_by_name(get: Get) -> None:
    assert titles(get("programmes/", search="lighthouse")) == ["Harbours"]
    assert titles(get("programmes/", search="navigation")) == ["Boats"]


def test_all_words_have_to_match_unless_any_may(get: Get) -> None:
    found = titles(get("pages/", search="harbours boats"))
    assert sorted(found) == ["About harbours and boats", "Boats"]
    assert set(titles(get("pages/", search="anchors boats", search_operator="or"))) == {
        "Anchors",
        "Boats",
        "About harbours and boats",
    }
    assert titles(get("pages/", search="anchors boats", search_operator="and")) == []


def test_only_signs_find_nothing(get: Get) -> None:
    assert get("pages/", search="?!")["meta"] == {"total_count": 0}


def test_search_filters_counts_and_pages(get: Get) -> None:
    found = get("programmes/", search="harbours", running_in=2012, limit=1)
    assert titles(found) == ["Harbours"]
    assert found["meta"] == {"total_count": 1}
    assert len(get("pages/", search="harbours", limit=2)["items"]) == 2
    assert get("pages/", search="harbours", type="cms.ContentPage")["meta"]["total_count"] == 1


def test_search_can_be_ordered(get: Get) -> None:
    assert titles(get("programmes/", search="harbours", order="title")) == ["Boats", "Harbours"]
    assert titles(get("programmes/", search="harbours", order="-title")) == ["Harbours", "Boats"]


def test_images_and_documents_are_searched(get: Get) -> None:
    assert titles(get("images/", search="harbour")) == ["Harbour at night"]
    assert titles(get("images/", search="lanterns")) == ["Harbour at night"]
    assert titles(get("documents/", search="dues")) == ["Harbour dues"]


def test_a_plugin_is_searched(get: Get) -> None:
    factories.EventPageFactory(title="Regatta")
    assert titles(get("events/", search="regatta")) == ["Regatta"]
    assert titles(get("pages/", search="regatta")) == ["Regatta"]


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.one_of(
        st.text(
            alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]),
            min_size=1,
            max_size=40,
        ),
        st.text(alphabet="ab\"'()*:^-+&|!<> \\NEARORNOT", min_size=1, max_size=30),
    ).filter(str.strip),
    operator=st.sampled_from(["and", "or"]),
)
def test_no_text_breaks_a_search(get: Get, text: str, operator: str) -> None:
    """The syntax of SQLite's and PostgreSQL's own queries is text like any other."""
    for path in ("pages/", "programmes/", "images/"):
        found = get(path, search=text, search_operator=operator)
        assert found["meta"]["total_count"] == len(found["items"])


@pytest.mark.parametrize("stored", ["NFC", "NFD"])
@pytest.mark.parametrize("asked", ["NFC", "NFD"])
@pytest.mark.parametrize("word", ["Zürich", "Genève", "Ångström", "한국어"])
def test_a_word_is_found_in_whichever_form_of_unicode_it_is(
    get: Get, stored: str, asked: str, word: str
) -> None:
    theme = factories.ThemeFactory(name=unicodedata.normalize(stored, f"{word} theme"))
    page = factories.ProgrammePageFactory(
        title=unicodedata.normalize(stored, f"{word} conference"), slug="s"
    )
    below = factories.ProgrammePageFactory(title="Below", themes=[theme])
    below.save_revision().publish()
    query = unicodedata.normalize(asked, word)
    assert sorted(titles(get("programmes/", search=query))) == sorted([page.title, "Below"])
