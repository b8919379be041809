"""Brings texts into the form in which readers think them equal: in any case, without accents, in one form of Unicode.

Marks are dropped where readers leave them out: the accents of Latin, Greek and Cyrillic, the vowels of Hebrew and
Arabic. In the scripts of India and South East Asia marks are letters, and stay.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

_APOSTROPHES = "’‘‛ʼʻʹ′`´ꞌ՚׳״"
_SUPERSCRIPTS = "²³¹⁰⁴⁵⁶⁷⁸⁹"
_BEFORE = str.maketrans(
    {**dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys("™℠®©", None), "\0": " "}
)
# What Unicode takes for a letter of its own, and readers for another with something added.
_AFTER = str.maketrans(
    {
        **{"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "ŋ": "n"},
        **{"æ": "ae", "œ": "oe", "þ": "th", "ʼ": "'", "ɂ": "'"},
        # Letters of Arabic that are written one for another, in Persian too.
        **{"ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": None},
        # Dashes of every length.
        **dict.fromkeys("‐‑‒–—―−﹘﹣־", "-"),
    }
)
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
# Below it are Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic and Syriac.
_FIRST_WITH_MARKS = "\u0780"
_SHORT = "\u0306"


def fold(text: str) -> str:
    """Return a text as it compares with others."""
    if text.isascii():
        return text.lower().replace("\0", " ")
    text = unicodedata.normalize("NFKC", _apart(text).translate(_BEFORE)).casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(_without_marks(decomposed))
    return unicodedata.normalize("NFC", kept.translate(_AFTER))


def with_two_letters(text: str) -> str:
    """Return a text with `ue` for `ü` and the like, as it is written where there is no such key."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text).casefold().translate(_TWO_LETTERS)


def clusters(text: str) -> Iterator[tuple[int, str]]:
    """Yield each character of a text with all that belongs to it, and where it begins."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _belongs_to_previous(text[place]):
            if start < place:
                yield start, text[start:place]
            start = place


@lru_cache(8192)
def _belongs_to_previous(character: str) -> bool:
    # Vowels and finals of Korean that are written apart from their syllable.
    return unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"} or (
        "\u1160" <= character <= "\u11ff"
    )


def is_apart(character: str, before: str) -> bool:
    """Return whether a character is the first digit of an exponent, and so no part of the number before it."""
    return character in _SUPERSCRIPTS and before.isdecimal() and before not in _SUPERSCRIPTS


def _apart(text: str) -> str:
    if not any(digit in text for digit in _SUPERSCRIPTS):
        return text
    return "".join(
        f" {character}" if is_apart(character, before) else character
        for before, character in pairwise(f" {text}")
    )


def _without_marks(text: str) -> Iterator[str]:
    base = ""
    for character in text:
        if character.isascii():
            base = character
            yield character
            continue
        category = _category(character)
        if category == "Mn":
            is_letter = base >= _FIRST_WITH_MARKS or (character == _SHORT and base in {"и", "у"})
            if is_letter and not "\ufe00" <= character <= "\ufe0f" and character < "\U000e0000":
                yield character
        elif category == "Nd":
            base = str(unicodedata.decimal(character))
            yield base
        elif category not in {"Cf", "Cs", "Cn", "Me"}:
            base = character if category != "Mc" else base
            yield character


@lru_cache(8192)
def _category(character: str) -> str:
    return unicodedata.category(character)
