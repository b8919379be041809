"""The search of the admin: the objects in which each word is found, in any case, without accents, also within a word.

It looks through what `cms/searched_text.py` keeps of each object. There all letters are small and without accents, so
that SQLite, which knows the case of ASCII letters alone, finds what PostgreSQL finds.
"""

import unicodedata
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.coreutils import string_to_ascii
from wagtail.models import Site

from cms.models.search import SearchedName, SearchedText

LONGEST = 1_000
"""How many characters of a search are read; people paste whole paragraphs."""
MOST_WORDS = 30
LONGEST_WORD = 100
_AROUND_WORDS = "\"',;:!?()[]<>"


def matching(queryset: QuerySet, words: str) -> QuerySet:
    """Return the objects of `queryset` in which each of the words is found somewhere; all of them without any word.

    What is looked through are the fields in the model's `search_fields`, the address, the names of what the object
    names, and the same of its latest draft.
    """
    found = _rows(queryset.model, words, _is_in_row)
    return queryset if found is None else queryset.filter(pk__in=found)


def named(model: type[Model], words: str) -> QuerySet | None:
    """Return the keys of the objects whose names have each of the words; None without any word."""
    return _rows(model, words, lambda word: Q(name__contains=word))


def fold(text: str) -> str:
    """Return a text in small letters, without accents, and with plain quotes and dashes."""
    text = text.replace("\0", " ")
    if text.isascii():
        return text.lower()
    return "".join(map(_folded, unicodedata.normalize("NFKD", text).casefold()))


@lru_cache(4096)
def _folded(character: str) -> str:
    if character.isascii():
        return character
    category = unicodedata.category(character)
    # Invisible: soft hyphens, joiners, halves of characters.
    if unicodedata.combining(character) or category in {"Cf", "Cs"}:
        return ""
    is_latin = unicodedata.name(character, "").startswith("LATIN ")
    if is_latin or category in {"Pd", "Pi", "Pf"}:
        return string_to_ascii(character).lower()
    return character


def root_of(model: type[Model]) -> Any:
    """Return the model under which all objects of `model` are kept: `Page` for every type of page."""
    concrete: Any = model._meta.concrete_model
    parents = [
        parent for parent in concrete._meta.get_parent_list() if hasattr(parent, "search_fields")
    ]
    return parents[-1] if parents else concrete


def _rows(model: type[Model], words: str, condition: Any) -> QuerySet | None:
    folded = _words(words)
    if not folded:
        return None
    root = root_of(model)
    rows = SearchedText.objects.filter(model=root._meta.label_lower)
    for word in folded:
        rows = rows.filter(condition(word))
    return rows.values_list(Cast("key", root._meta.pk))


def _is_in_row(word: str) -> Q:
    condition = Q()
    for part in _spellings(word):
        names = SearchedName.objects.filter(text__contains=part)
        condition |= Q(text__contains=part) | Q(draft__contains=part)
        condition |= Q(pk__in=names.values("owner"))
    return condition


def _words(text: str) -> list[str]:
    """Return the words of a search, the longest first, because they are found in the fewest objects."""
    found = (
        (word.strip(_AROUND_WORDS) or word)[:LONGEST_WORD] for word in fold(text[:LONGEST]).split()
    )
    return sorted(dict.fromkeys(found), key=len, reverse=True)[:MOST_WORDS]


def _spellings(word: str) -> set[str]:
    """Return a word and, if it is the address of a page here, the page's slug."""
    try:
        address = urlsplit(word)
    except ValueError:
        return {word}
    is_of_site = word.startswith("/") or (
        address.hostname and Site.objects.filter(hostname__iexact=address.hostname).exists()
    )
    slug = fold(unquote(address.path)).strip("/").rpartition("/")[2] if is_of_site else ""
    return {word, slug} if slug.strip() else {word}
