"""Builds the queries for what is hidden and, given that, for what is visible; only `perspective` uses them.

The most frequent ones are compiled once for each set of hidden places, which seldom changes.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Concat, Left
from django.db.models.lookups import In
from django.utils import timezone
from wagtail.embeds.models import Embed
from wagtail.models import CollectionViewRestriction

from frontend_api.dependencies.bounded import memoized
from frontend_api.dependencies.tracker import Dependencies
from frontend_api.introspection import Page, has_drafts

from . import specific_pages
from .compiled_query import CompiledObjectQuery, CompiledQuery, Parameter
from .roots import Root, below, paths_of

# For each cache of compiled queries; a single query may contain thousands of hidden places.
MOST_BYTES = 8 * 1024 * 1024


def visible(
    model: type[Page],
    roots: tuple[str, ...],
    hidden: tuple[str, ...],
    now: Any,
    added: tuple[int, ...],
) -> QuerySet[Any]:
    """Return the pages at or below `roots` and not `hidden` that are live and not expired `now`, or `added`."""
    seen = _published(now)
    if added:
        seen |= Q(pk__in=added)
    pages: QuerySet[Any] = model._default_manager.filter(seen, below(roots))
    return pages.exclude(at_or_below("path", hidden)) if hidden else pages


def not_visible(
    model: type[Page], roots: tuple[str, ...], hidden: tuple[str, ...], *, now: Any
) -> QuerySet[Any]:
    """Return the pages of `model` that `visible` leaves out for the public."""
    gone = ~(_published(now) & below(roots))
    pages: QuerySet[Any] = model._default_manager.filter(
        gone | at_or_below("path", hidden) if hidden else gone
    )
    return pages.order_by()


def _published(now: Any) -> Q:
    return Q(Q(expire_at__isnull=True) | Q(expire_at__gt=now), live=True)


def visible_objects(model: type[Model], hidden: tuple[str, ...], now: Any) -> QuerySet[Any]:
    """Return the visible objects of a model other than pages: those live and not expired `now`, if it has drafts.

    `hidden` are the tree paths of hidden collections, for models with collections, such as images.
    """
    objects = model._default_manager.all()
    if has_drafts(model):
        objects = objects.filter(Q(expire_at__isnull=True) | Q(expire_at__gt=now), live=True)
    return objects.exclude(at_or_below("collection__path", hidden)) if hidden else objects


def next_expiry(model: Any, now: datetime.datetime) -> QuerySet[Any]:
    """Return the query for the time at which the next live object of a model with drafts expires, if any does."""
    expiring = model._default_manager.filter(live=True, expire_at__gt=now)
    moment: QuerySet[Any] = expiring.order_by("expire_at").values_list("expire_at", flat=True)[:1]
    return moment


def expired_between(
    model: Any, since: datetime.datetime, until: datetime.datetime
) -> QuerySet[Any]:
    """Return the live objects of a model with drafts that expired after `since` and until `until`."""
    expired = model._default_manager.filter(live=True, expire_at__gt=since, expire_at__lte=until)
    objects: QuerySet[Any] = expired.specific() if issubclass(model, Page) else expired
    return objects


RESTRICTED, NOT_LIVE, OTHER_SITE = "restricted", "not live", "other site"
ALIAS, HIDDEN_ALIAS = "alias", "hidden alias"
COLLECTION, EXPIRY = "collection", "expiry"


@lru_cache(maxsize=64)
def hidden_places(roots: tuple[Root, ...]) -> CompiledQuery:
    """Return the query for the places that hide everything at or below them from readers of the site with these homes.

    Readers are not logged in, so every kind of restriction (password, login, groups) hides a page and all below it.
    A page that is not live also hides all below it, because its slug is part of their URLs. A page where another site
    starts belongs to that site's frontend. An alias is public if its original is, wherever the original is.

    Each row is (reason, tree path, time, tree path of the original). Only the `EXPIRY` row, which is always there,
    has a time: when the next page expires, if any does. Only `ALIAS` and `HIDDEN_ALIAS` rows have an original.
    """
    now = Parameter("now", Page._meta.get_field("expire_at"), many=False)
    # Only pages with others below them matter: most drafts have none, and `live` hides the drafts themselves. The
    # count in `numchild` is no help: every save of a page writes it back, so it may be out of date.
    lower = Page.objects.filter(
        path__gt=OuterRef("path"), path__lt=Concat(OuterRef("path"), Value("ZZZZZ"))
    )
    restricted = Q(view_restrictions__isnull=False)
    not_live = (Q(live=False) | Q(expire_at__lte=now)) & Exists(lower)
    other_site = Q(sites_rooted_here__isnull=False) & ~Q(pk__in=[root.pk for root in roots])
    no_moment = Value(None, output_field=DateTimeField())
    nowhere = Value(None, output_field=TextField())

    why = Case(
        When(restricted, then=Value(RESTRICTED)),
        When(sites_rooted_here__isnull=True, then=Value(NOT_LIVE)),
        default=Value(OTHER_SITE),
        output_field=TextField(),
    )
    pages = Page.objects.filter(
        restricted | not_live | below(paths_of(roots)) & other_site
    ).values_list(why, "path", no_moment, nowhere)

    original = Case(
        When(Q(alias_of__live=False) | Q(alias_of__expire_at__lte=now), then=Value(HIDDEN_ALIAS)),
        default=Value(ALIAS),
        output_field=TextField(),
    )
    # Including those of other sites, since an alias may refer to its original through one of them.
    aliases = Page.objects.filter(alias_of__isnull=False, live=True).values_list(
        original, "path", no_moment, "alias_of__path"
    )

    collections = CollectionViewRestriction.objects.values_list(
        Value(COLLECTION), "collection__path", no_moment, nowhere
    )
    # Based on the home page, so that the row is always there.
    expiring = Page.objects.filter(live=True, expire_at__gt=now).order_by().values("live")
    expiry = (
        Page.objects.filter(pk=roots[0].pk)
        .order_by()
        .values_list(
            Value(EXPIRY), "path", Subquery(expiring.values_list(Min("expire_at"))), nowhere
        )
    )
    return CompiledQuery(expiry.union(pages.order_by(), aliases.order_by(), collections, all=True))


def hidden_now(roots: tuple[Root, ...], dependencies: Dependencies) -> dict[str, tuple[str, ...]]:
    """Query the hidden tree paths of `pages` and `collections`, noting in `dependencies` what they depend on."""
    hidden = hidden_places(roots)
    with dependencies.tracking_selection():
        rows = hidden.rows(now=timezone.now())
    for row in rows:
        if row[0] == EXPIRY:
            dependencies.holds_until(hidden.converted(row, (2,))[0])
    return places_hidden(paths_of(roots), rows)


def places_hidden(
    roots: tuple[str, ...], rows: Iterable[Sequence[Any]]
) -> dict[str, tuple[str, ...]]:
    """Return the tree paths of `pages` and `collections` at or below which nothing may be seen.

    {"pages": ("000100010004",), "collections": ("00010002",)}
    """
    by_reason: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for row in rows:
        by_reason[row[0]].append(row)

    def paths(*reasons: str) -> set[str]:
        return {row[1] for reason in reasons for row in by_reason[reason]}

    pages = paths(RESTRICTED, OTHER_SITE, HIDDEN_ALIAS)
    pages |= {path for path in paths(NOT_LIVE) if path.startswith(roots)}
    aliases = {row[1]: row[3] for row in by_reason[ALIAS]}
    pages |= _hidden_aliases(aliases, paths(RESTRICTED, NOT_LIVE, HIDDEN_ALIAS))
    return {"pages": tuple(sorted(pages)), "collections": tuple(sorted(paths(COLLECTION)))}


def _hidden_aliases(aliases: dict[str, str], private: set[str]) -> set[str]:
    """Return those of `aliases` (tree path: path of the original) whose original is at or below one of `private`."""
    hidden: set[str] = set()
    while True:
        # Repeated, because the original of an alias may be an alias itself.
        more = {
            path
            for path, original in aliases.items() - {(path, aliases[path]) for path in hidden}
            if any(place in private or place in hidden for place in _at_and_above(original))
        }
        if not more:
            return hidden
        hidden |= more


def _at_and_above(path: str) -> Iterator[str]:
    return (path[:end] for end in range(Page.steplen, len(path) + 1, Page.steplen))


@memoized(MOST_BYTES)
def page_query(
    model: type[Page], roots: tuple[str, ...], hidden: tuple[str, ...], added: tuple[int, ...]
) -> specific_pages.CompiledPageQuery:
    now = Parameter("now", Page._meta.get_field("expire_at"), many=False)
    ids, paths = (Parameter(f"{name}s", Page._meta.get_field(name)) for name in ("id", "path"))
    pages = visible(model, roots, hidden, now, added).order_by()
    return specific_pages.CompiledPageQuery(pages.filter(among(ids, paths)))


# A cache of its own, because `added` differs between editors, whose queries would evict those of the public.
draft_query = memoized(MOST_BYTES)(page_query.__wrapped__)


def among(ids: Any, paths: Any) -> Q:
    return Q(pk__in=ids) | Q(path__in=paths)


@memoized(MOST_BYTES)
def object_query(model: type[Model], hidden: tuple[str, ...]) -> CompiledObjectQuery:
    keys = Parameter("keys", model._meta.pk)
    now = Parameter("now", Page._meta.get_field("expire_at"), many=False)
    return CompiledObjectQuery(visible_objects(model, hidden, now).filter(pk__in=keys).order_by())


@lru_cache(maxsize=1)
def stored_embeds() -> CompiledObjectQuery:
    hashes = Parameter("hashes", Embed._meta.get_field("hash"))
    return CompiledObjectQuery(Embed.objects.filter(hash__in=hashes))


def at_or_below(field: str, paths: Iterable[str]) -> Q:
    """Return the condition that the tree path in `field` is at or below one of `paths`.

    It has one term for each length of path, however many paths there are: databases limit how deep conditions nest.
    """
    by_length: dict[int, list[str]] = defaultdict(list)
    for path in paths:
        by_length[len(path)].append(path)
    condition = Q()
    for length, found in by_length.items():
        condition |= Q(In(Left(field, length), found))
    return condition
