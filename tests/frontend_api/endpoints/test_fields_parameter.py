"""The grammar of `fields` is that of Wagtail's v2 API, read by a parser of our own."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wagtail.api.v2.utils import FieldsParameterParseError, parse_fields_parameter

from frontend_api.endpoints.bounds import DEEPEST_FIELDS
from frontend_api.endpoints.fields_parameter import parse
from frontend_api.errors import BadParameters
from frontend_api.serialization.selection import Named, Selection

pytestmark = pytest.mark.once

TEXTS = st.text("ab_*-(),", max_size=12) | st.text(max_size=6)
# What Wagtail's parser takes by accident: nothing, a name after a bracket without a comma, a sign without a name.
ACCIDENTS = re.compile(r"^$|\)[^,)]|-(?=[,()]|$)|,\)|\)\(|-{2}|\*_")


def stock(text: str) -> Selection:
    """Return what Wagtail's parser reads, without what later parts override."""

    def selection(parsed: list[tuple[str, bool, list | None]]) -> Selection:
        last: dict[str, Named] = {}
        for name, negated, nested in parsed:
            last.pop(name, None)
            last[name] = Named(name, negated, selection(nested or []))
        return tuple(last.values())

    return selection(parse_fields_parameter(text))


@given(TEXTS)
@example("_,title,partners(_,name)")
@example("*,-body,partners(*,-name)")
def test_it_takes_what_wagtail_takes_and_reads_the_same(text: str) -> None:
    try:
        expected = stock(text)
    except FieldsParameterParseError:
        with pytest.raises(BadParameters, match=r"^fields cannot be read: "):
            parse(text)
        return
    if ACCIDENTS.search(text):
        return
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it ends too early"),
        ("a(", "it ends too early"),
        ("a(b", "it ends too early"),
        ("a,", "it ends too early"),
        ("a,,b", "',' at position 2 is unexpected"),
        ("a b", "' ' at position 1 is unexpected"),
        ("a(b)c", "'c' at position 4 is unexpected"),
        ("a)", "')' at position 1 is unexpected"),
        ("-a(b)", "'(' at position 2 is unexpected"),
        ("--a", "'-' at position 1 is unexpected"),
        ("a,*", "'*' stands first, or not at all"),
        ("a(b,_)", "'_' stands first, or not at all"),
        ("-*", "'-*' removes nothing"),
        ("_,-a", "after '_' there is nothing to remove"),
        ("*,a", "after '*' there is nothing to add"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, said: str) -> None:
    with pytest.raises(BadParameters) as raised:
        parse(text)
    assert raised.value.errors == {"fields": f"fields cannot be read: {said}."}


def test_it_nests_no_deeper_than_it_can() -> None:
    assert parse("a(" * DEEPEST_FIELDS + "a" + ")" * DEEPEST_FIELDS)
    with pytest.raises(BadParameters, match="more than 8 levels deep"):
        parse("a(" * 100_000)
