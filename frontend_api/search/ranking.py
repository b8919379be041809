"""The order in which a search gives what it finds: by where the words are, then by what was made last.

Sorting all that has a word that is nearly everywhere would take long, and nobody reads all of it. So the first of
what is found are looked for place by place: who has the words in the title, then in what introduces it, then anywhere.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from .conditions import Condition
from .queries import Search, entries

FEW = 1_000
"""How many can be sorted at once, or be looked for place by place."""
PLACES = ("title_words", "lead_words", "words")


class Ranked:
    """What a search finds among `objects`, best first; `total` is how much that is."""

    def __init__(self, objects: QuerySet[Any], search: Search, total: int) -> None:
        self._objects = objects
        self._search = search
        self._total = total

    def count(self) -> int:
        """Return how much is found."""
        return self._total

    def __getitem__(self, part: slice) -> Iterator[Any]:
        """Yield a part of what is found, which is looked for once it is asked for."""
        start, stop = part.start or 0, min(part.stop, self._total)
        if start >= stop:
            return
        if self._total <= FEW or stop > FEW:
            yield from self._sorted()[start:stop]
        else:
            keys = self._first(stop)[start:]
            found = {one.pk: one for one in self._objects.order_by().filter(pk__in=keys)}
            yield from (found[key] for key in keys if key in found)

    def _tiers(self) -> Iterator[QuerySet[Any]]:
        """Yield the entries of each place, of the words as they are before those that are like them."""
        search, of_model = self._search, entries(self._objects.model)
        conditions: list[Condition] = list(dict.fromkeys([search.exactly, search.widely]))
        for place in PLACES:
            for condition in conditions:
                yield of_model.filter(**{f"{place}__matching": condition}).values("number")

    def _sorted(self) -> QuerySet[Any]:
        *tiers, _ = self._tiers()
        rank = Case(
            *(When(pk__in=tier, then=Value(number)) for number, tier in enumerate(tiers)),
            default=Value(len(tiers)),
            output_field=IntegerField(),
        )
        found = self._search.narrow(self._objects)
        return found.order_by(rank, "-pk")

    def _first(self, count: int) -> list[Any]:
        """Return the keys of the first so many."""
        keys: list[Any] = []
        for tier in self._tiers():
            others = self._objects.filter(pk__in=tier).exclude(pk__in=keys)
            others = others.order_by("-pk").values_list("pk", flat=True)
            keys += others[: count - len(keys)]
            if len(keys) >= count:
                break
        return keys


def by_title(objects: QuerySet[Any], search: Search) -> QuerySet[Any]:
    """Return `objects` with those first whose titles have the words as they are."""
    whole = entries(objects.model).filter(title_words__matching=search.exactly)
    rank = Case(
        When(pk__in=whole.values("number"), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return objects.order_by(rank, "-pk")
