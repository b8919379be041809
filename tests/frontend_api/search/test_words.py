"""What readers type finds what they mean, the same on SQLite and on PostgreSQL."""

import html
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontend_api.search import spellings
from frontend_api.search.folding import fold
from frontend_api.search.highlighting import LONGEST, Found, excerpt, marked
from frontend_api.search.models import SearchEntry
from frontend_api.search.queries import Search
from frontend_api.search.sort_keys import sort_key
from frontend_api.search.words import words_of

from .table import FOUND, NOT_FOUND


@pytest.mark.django_db
def test_what_a_reader_types_finds_what_they_mean_and_nothing_else() -> None:
    """One row of the table is one entry; the databases are asked as for pages."""
    table = [*FOUND, *NOT_FOUND]
    SearchEntry.objects.bulk_create(
        SearchEntry(
            kind="test", number=number, words=words_of(title), sort_key=b"", digest="", text=""
        )
        for number, (title, _) in enumerate(table)
    )
    entries = SearchEntry.objects.filter(kind="test")
    wrong = [
        (title, query)
        for number, (title, query) in enumerate(table)
        if entries.filter(number=number, words__matching=Search(query).widely).exists()
        != (number < len(FOUND))
    ]
    assert wrong == []


@pytest.mark.once
@pytest.mark.parametrize(("title", "query"), FOUND)
def test_what_was_found_is_marked(title: str, query: str) -> None:
    text = marked(title, Found(Search(query).widely))
    assert "<mark>" in text
    assert html.unescape(re.sub("</?mark>", "", text)) == title


@pytest.mark.once
@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=80), query=st.text(max_size=12))
def test_no_text_breaks_a_mark(text: str, query: str) -> None:
    found = Found(Search(query).widely)
    assert html.unescape(re.sub("</?mark>", "", marked(text, found))) == text
    assert len(html.unescape(excerpt(text, found))) <= LONGEST + 40
    assert fold(fold(text)) == fold(text)


@pytest.mark.once
def test_an_excerpt_is_the_piece_with_most_of_what_was_found() -> None:
    text = "Nothing of it. " * 60 + "Tom & the <b>harbour</b> lights of Zürich. " + "More. " * 90
    piece = excerpt(text, Found(Search("harbour zurich").widely))
    assert "&amp; the &lt;b&gt;<mark>harbour</mark>&lt;/b&gt;" in piece
    assert "<mark>Zürich</mark>" in piece
    assert piece.startswith("… ")
    assert piece.endswith(" …")
    assert len(piece) < LONGEST + 120
    assert excerpt("Short & sweet", Found(Search("x").widely)) == "Short &amp; sweet"


@pytest.mark.once
def test_an_excerpt_takes_no_character_apart() -> None:
    text = "क्ष" * 300
    piece = excerpt(text, Found(Search("x").widely)).removesuffix(" …")
    assert len(piece) % 3 == 0


@pytest.mark.once
def test_titles_are_in_the_order_of_a_printed_index() -> None:
    order = [
        *("“A” to Z", "aardvark", "Ábaco", "apple", "Apple", "Chapter 2", "Chapter 10", "e"),
        *("É", "ea", "Éclair", "eclipse", "Łódź", "Lomé", "Straßburg", "strasse", "Zürich", "zz"),
        *("Άλφα", "βήτα", "Ёлка", "жук", "あお", "アカ"),
    ]
    assert sorted(order, key=sort_key) == order
    assert all(sort_key(one) < sort_key(other) for one, other in pairwise(order))


@pytest.mark.django_db
def test_a_word_is_near_what_differs_by_one_slip() -> None:
    spellings.keep(["harbour", "harbours", "arbour", "habrour", "harvour", "labour", "zürich"])
    near = spellings.near(["harbour", "ports", "harb", "2024"])
    assert near == {"harbour": ["arbour", "habrour", "harbours", "harvour"], "ports": []}
