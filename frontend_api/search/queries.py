"""What somebody searches for, as conditions on objects.

Whether an object is found, and how well, depends on nothing but its own words: so what readers do not see can neither
be counted nor move anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from . import spellings
from .conditions import Condition, Word
from .contents import kind_of
from .models import SearchEntry
from .words import Term, terms_of

SHORTEST_BEGINNING = 4
"""How many letters a word has at least for those that begin with it to be found as well."""
_SYLLABLES = "\u1100"


@dataclass(frozen=True)
class Search:
    """What a text asks for: all of its words, or any."""

    text: str
    operator: str = "and"
    near: Mapping[str, Sequence[str]] | None = None
    """Other words for those that are found nowhere, if slips are forgiven; then all beginnings count, too."""
    last_is_beginning: bool = False
    """Whether the last word may not be whole yet."""

    @cached_property
    def terms(self) -> list[Term]:
        """What is asked for, in order."""
        return terms_of(self.text)

    def forgiving(self) -> "Search":
        """Return the same search in which slips are forgiven."""
        asked = {
            word
            for term in self.terms
            for alternative in term.alternatives
            if len(alternative) == 1
            for word in alternative
        }
        return Search(self.text, self.operator, spellings.near(asked), self.last_is_beginning)

    @cached_property
    def exactly(self) -> Condition:
        """The condition for what has the words as they are."""
        return self._condition(lambda term, word: False)

    @cached_property
    def widely(self) -> Condition:
        """The condition for what has the words, others that begin with them, and those that are near."""
        return self._condition(self._may_begin)

    def _may_begin(self, term: Term, word: str) -> bool:
        if not term.can_begin:
            return False
        if self.last_is_beginning and term is self.terms[-1]:
            return True
        if self.near is not None or word[0] >= _SYLLABLES:
            return len(word) > 1
        return len(word) >= SHORTEST_BEGINNING

    def _condition(self, may_begin: Callable[[Term, str], bool]) -> Condition:
        return Condition(
            tuple(tuple(self._alternatives(term, may_begin)) for term in self.terms), self.operator
        )

    def _alternatives(self, term: Term, may_begin: Callable[[Term, str], bool]) -> Any:
        for words in term.alternatives:
            yield tuple(Word(word, may_begin(term, word)) for word in words)
            if self.near and len(words) == 1:
                for other in self.near.get(words[0], ()):
                    yield (Word(other),)

    def narrow(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        """Return those of `objects` that are found."""
        found = entries(objects.model).filter(words__matching=self.widely)
        return objects.filter(pk__in=found.values("number"))


def entries(model: Any) -> QuerySet[Any]:
    """Return what is kept of the objects of `model`."""
    return SearchEntry.objects.filter(kind=kind_of(model))


def title_key(model: Any) -> Subquery:
    """Return the expression by which objects are in the order of their titles."""
    return Subquery(entries(model).filter(number=OuterRef("pk")).values("sort_key")[:1])
