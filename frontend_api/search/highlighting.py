"""Marks in a text what a search has found there, and cuts the piece out of it in which most of that is."""

import re
from collections.abc import Callable, Iterator
from html import escape
from itertools import pairwise

from .conditions import Condition
from .folding import clusters, fold, is_apart, with_two_letters
from .words import Chunk, Part, across, chunks, joined_words

LONGEST = 240
"""About how many characters an excerpt has."""
BEFORE = 60
"""How many of them stand before what was found."""
_SIGNS = re.compile(r"[^\w\u0300-\u0e4f]+")
_WINDOW = re.compile(rf"\S(?:.{{0,{LONGEST}}}(?!\S)|.{{0,{LONGEST}}})", re.DOTALL)
_BREAK = re.compile(r"\s+")

Span = tuple[int, int]


class Found:
    """The words of a condition, as they are looked for in a text."""

    def __init__(self, condition: Condition) -> None:
        words = {word for term in condition.terms for either in term for word in either}
        self.whole = frozenset(word.text for word in words)
        self.beginnings = tuple({word.text for word in words if word.is_beginning})
        self._bare = [
            {_SIGNS.sub("", word.text) for either in term for word in either}
            for term in condition.terms
        ]

    def has(self, word: str) -> bool:
        """Return whether a word is one of them, or begins with one that may be a beginning."""
        return word in self.whole or word.startswith(self.beginnings)

    def reaches(self, word: str, last: Part) -> bool:
        """Return whether words that are written together are one of them, the last of them included."""
        before = len(word) - len(last.text)
        return word in self.whole or any(
            len(beginning) > before and word.startswith(beginning) for beginning in self.beginnings
        )

    def count_in(self, text: str) -> int:
        """Return of how many terms a text may have a word, which takes little time to tell."""
        folded = _SIGNS.sub("", fold(text))
        other = "" if text.isascii() else _SIGNS.sub("", fold(with_two_letters(text)))
        return sum(any(word in folded or word in other for word in words) for words in self._bare)


def marked(text: str, found: Found) -> str:
    """Return a text as HTML in which nothing but `<mark>` is an element, around what was found."""
    spans = list(_merged(sorted(_spans(text, found))))
    if not spans:
        return escape(text)
    pieces, end = [], 0
    for start, stop in spans:
        pieces += [escape(text[end:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        end = stop
    return "".join([*pieces, escape(text[end:])])


def excerpt(text: str, found: Found) -> str:
    """Return the piece of a text that has most of what was found, as HTML, or its beginning."""
    text = _BREAK.sub(" ", text).strip()
    best, most = 0, 0
    for window in _WINDOW.finditer(text):
        count = found.count_in(window.group())
        if count > most:
            first = min(_spans(window.group(), found), default=None)
            if first is not None:
                best, most = window.start() + first[0], count
        if most == len(found._bare):
            break
    start = 0 if best <= BEFORE else _word_before(text, best - BEFORE, best)
    end = len(text) if len(text) - start <= LONGEST else _word_before(text, start + LONGEST)
    piece = marked(text[start:end].strip(), found)
    return f"{'… ' if start else ''}{piece}{' …' if end < len(text) else ''}"


def _word_before(text: str, place: int, latest: int | None = None) -> int:
    """Return where a word begins near a place, or else where a character does."""
    space = (
        text.find(" ", place, latest)
        if latest is not None
        else text.rfind(" ", place - BEFORE, place)
    )
    if space >= 0:
        return space + 1
    return next((start + place for start, _ in clusters(text[place:])), place)


def _spans(text: str, found: Found) -> Iterator[Span]:
    """Yield where in a text something was found."""
    if not found.count_in(text):
        return
    folded, place = _placed(text)
    before: Chunk | None = None
    for chunk in chunks(folded):
        for start, end in _spans_of_chunk(chunk, found):
            yield place(start, end)
        first = chunk.parts[0]
        if before is not None and any(found.reaches(word, first) for word in across(before, chunk)):
            yield place(before.parts[0].start, first.end)
        before = chunk
    if not text.isascii():
        for start, word in _other_spellings(text):
            if found.has(fold(with_two_letters(word))):
                yield start, start + len(word)


def _other_spellings(text: str) -> Iterator[tuple[int, str]]:
    """Yield the words of a text that could be written with two letters for one, and where they are."""
    for match in re.finditer(r"\w+", text):
        if not match.group().isascii():
            yield match.start(), match.group()


def _spans_of_chunk(chunk: Chunk, found: Found) -> Iterator[Span]:
    parts = chunk.parts
    for part in parts:
        if found.has(part.text):
            yield part.start, part.end
    if chunk.is_unspaced:
        for one, other in pairwise(parts):
            if found.has(one.text + other.text):
                yield one.start, other.end
        return
    if len(parts) == 1 and not chunk.suffix:
        # As most are: there is nothing to be written together.
        return
    for start, end, word in joined_words(chunk):
        if found.reaches(word, parts[end - 1]):
            signs = len(chunk.suffix) if end == len(parts) else 0
            yield parts[start].start, parts[end - 1].end + signs


def _placed(text: str) -> tuple[str, Callable[[int, int], Span]]:
    """Return a text folded, and what tells of a part of that where in the text it comes from."""
    if text.isascii():
        return fold(text), lambda start, end: (start, end)
    folded: list[str] = []
    places: list[Span] = []
    before = ""
    for start, cluster in clusters(text):
        made = fold(cluster)
        if is_apart(cluster, before):
            made = f" {made}"
        folded.append(made)
        places += [(start, start + len(cluster))] * len(made)
        before = cluster
    return "".join(folded), lambda start, end: (places[start][0], places[end - 1][1])


def _merged(spans: list[Span]) -> Iterator[Span]:
    """Yield spans in order, those that touch as one."""
    current: Span | None = None
    for start, end in spans:
        if current is not None and start <= current[1]:
            current = current[0], max(current[1], end)
        else:
            if current is not None:
                yield current
            current = start, end
    if current is not None:
        yield current
