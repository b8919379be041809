"""Keys by which titles are in the order of a printed index, whatever the database.

First by letters, in which case and accents count for nothing and numbers by their value; then accents, then case.
"""

import re
import unicodedata

from .folding import fold

_NUMBER = re.compile(r"\d+")
_SPACES = re.compile(r"\s+")
LONGEST = 200
# Katakana and the hiragana that sound the same.
_KATAKANA = {ord("ァ") + place: ord("ぁ") + place for place in range(86)}


def sort_key(title: str) -> bytes:
    """Return the key of a title, to be compared byte by byte."""
    title = title[:LONGEST]
    composed = unicodedata.normalize("NFKC", title)
    levels = (_letters(fold(title)), composed.casefold(), composed.swapcase())
    return b"\0".join(level.encode("utf-8", "replace") for level in levels)


def _letters(folded: str) -> str:
    text = folded.replace("-", " ").replace("_", " ").translate(_KATAKANA)
    marks = "".join(
        character
        for character in text
        if character.isalnum() or character.isspace() or unicodedata.category(character)[0] == "M"
    )
    spaced = _SPACES.sub(" ", marks).strip()
    return _NUMBER.sub(lambda match: match[0].lstrip("0").rjust(20, "0"), spaced)
