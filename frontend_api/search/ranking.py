"""The order in which a search gives what it finds: by where the words are, then by what was made last.

Sorting all that has a word that is nearly everywhere would take long, and nobody reads all of it. So the first of what
is found are looked for place by place among the words alone, and then it is asked which of these may be seen.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from .conditions import Condition
from .queries import Search, entries

FEW = 1_000
"""How many can be sorted at once, or be looked for place by place."""
PLACES = ("title_words", "lead_words", "words")
# An expression, because a database that had an index in this order would read the words of all rows along it.
NEWEST_FIRST = (F("number") + 0).desc()


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
        keys = self._first(stop) if stop <= FEW else []
        if len(keys) < stop:
            # It is deep within, or too much of what has the words is not among the objects.
            yield from self._sorted()[start:stop]
            return
        found = {one.pk: one for one in self._objects.order_by().filter(pk__in=keys[start:stop])}
        yield from (found[key] for key in keys[start:stop] if key in found)

    def _tiers(self) -> list[QuerySet[Any]]:
        """Return the entries of each place, of the words as they are before those that are like them."""
        search, of_model = self._search, entries(self._objects.model)
        conditions: list[Condition] = list(dict.fromkeys([search.exactly, search.widely]))
        return [
            of_model.filter(**{f"{place}__matching": condition})
            for place in PLACES
            for condition in conditions
        ]

    def _first(self, count: int) -> list[Any]:
        """Return the keys of the first so many, or fewer if more would have to be looked at than is worth it."""
        tiers = self._tiers()
        if self._total <= FEW:
            ranked = tiers[-1].order_by(_rank(tiers, "pk", "pk"), NEWEST_FIRST)
            return self._among(ranked.values_list("number", flat=True)[: 2 * FEW], count)
        keys: dict[Any, None] = {}
        for tier in tiers:
            numbers = tier.order_by(NEWEST_FIRST).values_list("number", flat=True)
            looked_at = list(numbers[: 2 * FEW])
            keys |= dict.fromkeys(self._among(looked_at, count))
            if len(keys) >= count or len(looked_at) == 2 * FEW:
                break
        return list(keys)

    def _among(self, numbers: Iterable[Any], count: int) -> list[Any]:
        """Return those of `numbers` that are keys of the objects, in their order: `count` of them, and a few more."""
        keys: list[Any] = []
        numbers = list(numbers)
        at_once = 2 * count + FEW // 10
        for start in range(0, len(numbers), at_once):
            some = numbers[start : start + at_once]
            known = self._objects.order_by().filter(pk__in=some).values_list("pk", flat=True)
            keys += filter(set(known).__contains__, some)
            if len(keys) >= count:
                break
        return keys

    def _sorted(self) -> QuerySet[Any]:
        found = self._search.narrow(self._objects)
        return found.order_by(_rank(self._tiers(), "pk", "number"), "-pk")


def _rank(tiers: list[QuerySet[Any]], key: str, of_entry: str) -> Case:
    return Case(
        *(
            When(**{f"{key}__in": tier.values(of_entry)}, then=Value(number))
            for number, tier in enumerate(tiers[:-1])
        ),
        default=Value(len(tiers)),
        output_field=IntegerField(),
    )


def completing(objects: QuerySet[Any], search: Search, count: int) -> list[Any]:
    """Return the first of `objects` whose titles have the words, first those that have them as they are."""
    of_model = entries(objects.model)
    whole = of_model.filter(title_words__matching=search.exactly)
    found = of_model.filter(title_words__matching=search.widely)
    rank = Case(
        When(pk__in=whole.values("pk"), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    numbers = list(found.order_by(rank, NEWEST_FIRST).values_list("number", flat=True)[:FEW])
    by_key = {one.pk: one for one in objects.order_by().filter(pk__in=numbers[: 10 * count])}
    if len(by_key) < count < len(numbers):
        by_key = {one.pk: one for one in objects.order_by().filter(pk__in=numbers)}
    if len(by_key) < count and len(numbers) == FEW:
        # The first of them may all be what is not among the objects: then these are looked through themselves.
        rank = Case(
            When(pk__in=whole.values("number"), then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        return list(objects.filter(pk__in=found.values("number")).order_by(rank, "-pk")[:count])
    return [by_key[number] for number in numbers if number in by_key][:count]
