"""Cuts texts into words: those of what is kept, and those that somebody asks for, in the same way.

What is written together, with a hyphen or apart has the same words: COVID-19, COVID19 and COVID 19. Where a script
has no spaces, every two neighbouring characters are a word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from .folding import clusters, fold, with_two_letters

LONGEST_WORD = 60
MOST_JOINED = 4
"""How many parts of one word are joined."""
MOST_WORDS = 30
"""How many words somebody can ask for."""

_CUTTING = {
    **dict.fromkeys("-_·⁃", "-"),
    **{"'": "'", ".": ".", ",": ",", "&": "&", "@": "@", "+": "+", "#": "#"},
}
# Han, kana and bopomofo; Thai, Lao, Burmese and Khmer.
_UNSPACED = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)
_CHUNK = re.compile(
    r"(?P<unspaced>U+)|[LD]+(?:(?:['.@-]| ?& ?|(?<=D),(?=D))[LD]+)*(?:[+#]+(?![LDU]))?"
)
_PART = re.compile(r"L+|D+")
_HEBREW_QUOTE = re.compile('(?<=[א-ת])"(?=[א-ת])')


class Part(NamedTuple):
    """A run of letters or of digits, where it is in its text, and what stands before it in the same chunk."""

    text: str
    is_number: bool
    start: int
    end: int
    sign: str


@dataclass(frozen=True)
class Chunk:
    """What is written without a break: one word or more, or a run of a script without spaces."""

    parts: tuple[Part, ...]
    suffix: str
    """The signs at its end, as in C++."""
    gap: str
    """What stands between it and the chunk before: spaces, signs, and `x` for any other."""
    is_unspaced: bool = False
    """Whether its parts are characters of a script without spaces."""


class Term(NamedTuple):
    """What is asked for in one place: any of the alternatives, in which all words have to be there."""

    alternatives: tuple[tuple[str, ...], ...]
    can_begin: bool
    """Whether it may be the beginning of a longer word."""


@lru_cache(8192)
def _kind(character: str) -> str:
    if character in _CUTTING:
        return _CUTTING[character]
    if character.isspace():
        return " "
    if _UNSPACED.match(character):
        return "U"
    if "0" <= character <= "9":
        return "D"
    # Marks that are letters have no other kind: what else is no letter was dropped.
    return "L" if character.isalnum() or _is_mark(character) else "x"


def _is_mark(character: str) -> bool:
    return not character.isascii() and next(clusters(f"x{character}"))[1] != "x"


_ASCII = {code: _kind(chr(code)) for code in range(128)}


def chunks(folded: str) -> Iterator[Chunk]:
    """Yield the chunks of a folded text."""
    folded = _HEBREW_QUOTE.sub("'", folded)
    kinds = folded.translate(_ASCII) if folded.isascii() else "".join(map(_kind, folded))
    end = 0
    for match in _CHUNK.finditer(kinds):
        start = match.start()
        gap, suffix_start = kinds[end:start], match.end()
        if match["unspaced"]:
            run = tuple(
                Part(text, False, start + place, start + place + len(text), "")
                for place, text in clusters(folded[start : match.end()])
            )
            yield Chunk(run, "", gap, is_unspaced=True)
        else:
            parts = []
            before = start
            for part in _PART.finditer(kinds, start, match.end()):
                sign = kinds[before : part.start()].strip()
                text = folded[part.start() : part.end()]
                parts.append(Part(text, part.group()[0] == "D", *part.span(), sign))
                before = suffix_start = part.end()
            yield Chunk(tuple(parts), folded[suffix_start : match.end()], gap)
        end = match.end()


def words_of(text: str) -> list[str]:
    """Return the different words by which a text is found."""
    folded = fold(text)
    found = dict.fromkeys(_words(folded))
    other = fold(with_two_letters(text))
    if other != folded:
        found |= dict.fromkeys(_words(other))
    return [word for word in found if word]


def _words(folded: str) -> Iterator[str]:
    single = ""
    before: Chunk | None = None
    for chunk in chunks(folded):
        yield from words_of_chunk(chunk)
        if before is not None:
            yield from across(before, chunk)
        single = _letters(single, chunk)
        if len(single) > 1:
            yield single
        before = chunk


def words_of_chunk(chunk: Chunk) -> Iterator[str]:
    """Yield the words of one chunk: its parts, and what they are together."""
    parts = chunk.parts
    if chunk.is_unspaced:
        for part in parts:
            yield part.text
        for one, other in pairwise(parts):
            yield one.text + other.text
        return
    for part in parts:
        yield _cut(part.text)
    for _, _, word in joined_words(chunk):
        yield word


def joined_words(chunk: Chunk) -> Iterator[tuple[int, int, str]]:
    """Yield what neighbouring parts of a chunk are together, and which parts these are; with its signs, if any."""
    parts, count = chunk.parts, len(chunk.parts)
    spans = [
        (start, end)
        for start in range(count)
        for end in range(start + 2, min(start + MOST_JOINED, count) + 1)
    ]
    if count > MOST_JOINED:
        spans.append((0, count))
    for start, end in spans:
        for word in _joined(parts[start:end]):
            yield start, end, _cut(word)
            if chunk.suffix and end == count:
                yield start, end, _cut(word + chunk.suffix)
    if chunk.suffix:
        yield count - 1, count, _cut(parts[-1].text + chunk.suffix)


def _joined(parts: tuple[Part, ...]) -> Iterator[str]:
    """Yield what several parts are together: `covid19`, and for numbers `1.5` or `1000`."""
    if not all(part.is_number for part in parts):
        yield parts[0].text + "".join(
            f"{'.' if part.is_number and part.sign in {'.', ','} else ''}{part.text}"
            for part in parts[1:]
        )
        return
    signs = {part.sign for part in parts[1:]}
    if signs <= {".", ",", "'"}:
        if len(parts[0].text) <= 3 and all(len(part.text) == 3 for part in parts[1:]):
            yield "".join(part.text for part in parts)
        if signs <= {".", ","}:
            yield ".".join(part.text for part in parts)


def across(before: Chunk, chunk: Chunk) -> Iterator[str]:
    """Yield what two chunks with a space between them are together, where some write them so: `covid19`, `1000`."""
    one, other = before.parts[-1], chunk.parts[0]
    if (
        before.suffix
        or before.is_unspaced
        or chunk.is_unspaced
        or chunk.gap not in {" ", ". ", "x"}
    ):
        return
    is_group = len(one.text) <= 3 and len(other.text) == 3
    if one.is_number and other.is_number:
        if is_group and chunk.gap == " ":
            yield one.text + other.text
    elif one.is_number != other.is_number or 1 in {len(one.text), len(other.text)}:
        yield _cut(one.text + other.text)
        if len(before.parts) > 1:
            yield from (_cut(word + other.text) for word in _joined(before.parts))


def _letters(before: str, chunk: Chunk) -> str:
    """Return the letters that stand alone up to here, as in “U. S. A.”."""
    is_one = len(chunk.parts) == 1 and len(chunk.parts[0].text) == 1 and not chunk.is_unspaced
    if not is_one or chunk.parts[0].is_number:
        return ""
    follows = chunk.gap in {" ", ". "} and len(before) < MOST_JOINED
    return (before if follows else "") + chunk.parts[0].text


def terms_of(text: str) -> list[Term]:
    """Return what a text asks for, the first `MOST_WORDS` words of it."""
    folded = fold(text)
    terms = [_term(chunk) for chunk in chunks(folded)]
    other = [_term(chunk) for chunk in chunks(fold(with_two_letters(text)))]
    if len(terms) == len(other):
        terms = [
            Term(tuple(dict.fromkeys((*term.alternatives, *same.alternatives))), term.can_begin)
            for term, same in zip(terms, other, strict=True)
        ]
    return terms[:MOST_WORDS]


def _term(chunk: Chunk) -> Term:
    parts = chunk.parts
    if chunk.is_unspaced:
        texts = [part.text for part in parts]
        pairs = tuple(one + other for one, other in pairwise(texts)) or (texts[0],)
        return Term((pairs,), can_begin=False)
    return Term(tuple(dict.fromkeys(_alternatives(chunk))), can_begin=not chunk.suffix)


def _alternatives(chunk: Chunk) -> Iterator[tuple[str, ...]]:
    parts = chunk.parts
    texts = tuple(_cut(part.text) for part in parts)
    joined = [(_cut(word + chunk.suffix),) for word in _joined(parts)] if len(parts) > 1 else []
    if len(parts) == 1:
        if chunk.suffix:
            yield (_cut(texts[0] + chunk.suffix),)
        if not chunk.suffix or (len(texts[0]) > 1 and not parts[0].is_number):
            yield texts
        return
    yield from joined
    if all(part.is_number for part in parts):
        if not joined or len(parts) > 2:
            yield texts
        return
    if any(part.sign == "'" for part in parts[1:]):
        # `l'école` asks for a school, and `children's` for children.
        yield from ((text,) for text in texts[1:] if len(texts[0]) <= 2 < len(text))
        yield from ((text,) for text in texts if len(text) > 3)
    is_one = len(parts) == 2 and parts[0].is_number != parts[1].is_number
    if not is_one and all(len(text) > 1 for text in texts):
        yield texts


def _cut(word: str) -> str:
    return word[:LONGEST_WORD]
