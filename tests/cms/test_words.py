"""The words of the website: each has a text in French, and what is compiled is what is written."""

import gettext
import re
from pathlib import Path

import pytest

import cms
from cms.words import WORDS, words_in

FOLDER = Path(cms.__file__).parent / "locale" / "fr" / "LC_MESSAGES"


def test_every_word_is_translated_and_keeps_what_is_filled_in() -> None:
    english, french = words_in("en-gb"), words_in("fr")
    assert set(english) == set(french) == set(WORDS)
    same = {name for name in WORDS if english[name] == french[name]}
    assert same <= {"programmes", "one_programme", "several_programmes", "pages", "phases"}
    for name in WORDS:
        braces = re.compile(r"{\w+}")
        assert set(braces.findall(english[name])) == set(braces.findall(french[name])), name
        # Editors' own have no more room.
        assert max(map(len, (english[name], french[name]))) <= 100, name


@pytest.mark.parametrize("language", ["xx", "en", "de"])
def test_a_language_without_translations_has_those_of_the_service(language: str) -> None:
    assert words_in(language)["read_more"] == "Read more"


def test_what_is_compiled_is_what_is_written() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    written = re.findall(
        r'msgctxt "(.+)"\nmsgid "(.+)"\nmsgstr "(.+)"', (FOLDER / "django.po").read_text()
    )
    assert len(written) == len(WORDS)
    for context, text, translated in written:
        assert compiled.pgettext(context, text) == translated
