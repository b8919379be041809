"""The queries behind a perspective: what is visible, given what hides.

Only `perspective` calls them. What is fetched most is written once for each state of what is hidden, which seldom
changes.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db.models import (
    DateTimeField,
    Exists,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Concat, Left
from django.db.models.lookups import In
from wagtail.models import CollectionViewRestriction, Page

from . import page_types
from .prepared import Hole, Prepared, PreparedObjects


def visible(
    model: type[Page], root_path: str, hidden: tuple[str, ...], now: Any, added: tuple[int, ...]
) -> QuerySet[Any]:
    """Return the pages at or below a place in the tree that are not hidden: live and not expired `now`, or `added`."""
    seen = Q(Q(expire_at__isnull=True) | Q(expire_at__gt=now), live=True)
    if added:
        seen |= Q(pk__in=added)
    pages = model._default_manager.filter(seen, path__startswith=root_path)
    return pages.exclude(at_or_below("path", hidden)) if hidden else pages


def in_public_collections(model: type[Model], hidden: tuple[str, ...]) -> QuerySet[Any]:
    items = model._default_manager.all()
    return items.exclude(at_or_below("collection__path", hidden)) if hidden else items


@lru_cache(maxsize=64)
def hidden_places(root_path: str, root_key: int) -> Prepared:
    """Return the query for what hides all that is at or below it, from readers of the site with this home.

    Nobody is logged in here: each kind of restriction (password, login, groups) hides a page alike, and with it all
    that is below. So does a page that is not live: the address of what is below it has its slug. A page that another
    site starts at belongs to that site's frontend.
    """
    now = Hole("now", Page._meta.get_field("expire_at"), many=False)
    # Most drafts have nothing below them, and hide themselves by `live`. The tree's own count of children is written
    # back by whoever saves a page, and may be too old to rely on.
    below = Page.objects.filter(
        path__gt=OuterRef("path"), path__lt=Concat(OuterRef("path"), Value("ZZZZZ"))
    )
    not_live = (Q(live=False) | Q(expire_at__lte=now)) & Exists(below)
    another_site = Q(sites_rooted_here__isnull=False) & ~Q(pk=root_key)
    pages = Page.objects.filter(
        Q(view_restrictions__isnull=False)
        | Q(path__startswith=root_path) & (not_live | another_site)
    )
    nothing = Cast(Value(None), DateTimeField())
    restricted = CollectionViewRestriction.objects.values_list(
        Value("collections"), "collection__path", nothing
    )
    # One row that is always there has the moment at which the next page expires.
    expiring = Page.objects.filter(live=True, expire_at__gt=now).order_by().values("live")
    expiry = Page.objects.filter(pk=root_key).order_by()
    return Prepared(
        expiry.values_list(
            Value("expiry"), "path", Subquery(expiring.values_list(Min("expire_at")))
        ).union(pages.order_by().values_list(Value("pages"), "path", nothing), restricted, all=True)
    )


@lru_cache(maxsize=64)
def prepared_pages(
    model: type[Page], root_path: str, hidden: tuple[str, ...], added: tuple[int, ...]
) -> page_types.PreparedPages:
    now = Hole("now", Page._meta.get_field("expire_at"), many=False)
    ids, paths = (Hole(f"{name}s", Page._meta.get_field(name)) for name in ("id", "path"))
    pages = visible(model, root_path, hidden, now, added).order_by()
    return page_types.PreparedPages(pages.filter(among(ids, paths)))


# What is added differs from editor to editor, who shall not have the queries of the public forgotten.
prepared_drafts = lru_cache(maxsize=64)(prepared_pages.__wrapped__)


def among(ids: Any, paths: Any) -> Q:
    return Q(pk__in=ids) | Q(path__in=paths)


@lru_cache(maxsize=256)
def prepared_objects(model: type[Model], hidden: tuple[str, ...]) -> PreparedObjects:
    keys = Hole("keys", model._meta.pk)
    return PreparedObjects(in_public_collections(model, hidden).filter(pk__in=keys).order_by())


def at_or_below(field: str, paths: Iterable[str]) -> Q:
    """Return the condition that the node of a tree that `field` names is at or below one of `paths`.

    It has one term for each depth, however many paths there are: databases limit how deep a condition nests.
    """
    by_length: dict[int, list[str]] = defaultdict(list)
    for path in paths:
        by_length[len(path)].append(path)
    condition = Q()
    for length, found in by_length.items():
        condition |= Q(In(Left(field, length), found))
    return condition
