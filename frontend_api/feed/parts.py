"""One part of the feed: what comes after a cursor, narrowed down, as much as goes into an answer."""

from dataclasses import dataclass

from django.db.models import Q

from . import cursors, reading
from .models import PublicChange, PublicKind, PublicState

LOOKED_THROUGH = 1_000
"""How many changes a part is taken from, so that it costs the same however few of them are asked for."""
# Only these are about a page that is there. Whatever else happened may matter to any copy.
_OF_PAGES = (PublicKind.PUBLISHED, PublicKind.UPDATED, PublicKind.MOVED)


@dataclass(frozen=True)
class Narrowing:
    """Of which pages changes are asked for: of a site, a language, or some types; of all for None.

    What is gone is never left out, nor what is about no page.
    """

    site_id: int | None = None
    locale: str | None = None
    types: frozenset[str] | None = None

    def condition(self) -> Q:
        """Return the condition for a change."""
        wanted = Q()
        if self.site_id is not None:
            wanted &= Q(site_id=self.site_id)
        if self.locale is not None:
            wanted &= Q(locale=self.locale)
        if self.types is not None:
            wanted &= Q(object_type__in=sorted(self.types))
        return wanted | ~Q(kind__in=_OF_PAGES) if wanted else wanted


@dataclass(frozen=True)
class Part:
    """Some changes, the cursor of who has seen them, and whether there may be more after it."""

    changes: list[PublicChange]
    cursor: str
    more: bool


def part_after(cursor: cursors.Cursor, narrowing: Narrowing, limit: int) -> Part | None:
    """Return up to `limit` changes after a cursor; None where it is not known what came after it."""
    now = reading.state()
    last = min(now.number, cursor.number + LOOKED_THROUGH)
    following = PublicChange.objects.filter(number__gt=cursor.number, number__lte=last)
    found = list(following.filter(narrowing.condition()).order_by("number")[:limit])
    # After they are read: meanwhile, some may have been deleted.
    if not cursors.is_known(cursor, now):
        return None
    if len(found) == limit:
        last = found[-1].number
    return Part(found, cursors.cursor_at(last, _stamp(last, found, now)), more=last < now.number)


def _stamp(number: int, found: list[PublicChange], now: PublicState) -> int:
    """Return the stamp of a change: of the last one that was found or is there, or else one that is looked up."""
    if number == now.number:
        return now.stamp
    if found and found[-1].number == number:
        return found[-1].stamp
    return PublicChange.objects.values_list("stamp", flat=True).get(pk=number)
