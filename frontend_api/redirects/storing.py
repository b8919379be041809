"""Stores many redirects at once, and what is left of those before them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from frontend_api.changes.models import Kind
from frontend_api.changes.tags import column_tag, membership_tag, redirect_tag, table
from frontend_api.changes.transaction import log, transaction
from frontend_api.changes.writing import PendingChange
from frontend_api.introspection import Page

from .addresses import Address
from .leads import redirects
from .models import FormerPath
from .paths import LONGEST, digest_of

CHUNK = 400
"""How many paths a query names."""


@dataclass(frozen=True)
class Target:
    """Where readers are to be led: to a page, or to an address; or nowhere, as what they look for is gone for good."""

    page_id: int | None = None
    link: str = ""
    is_permanent: bool = True


def lead(targets: Mapping[Address, Target], *, over_others: bool = False) -> None:
    """Let addresses lead to their targets, in place of the redirects that were made like this before.

    What an editor has made is left, unless `over_others`. All is one change of the log.
    """
    if not targets:
        return
    with transaction():
        clear(targets, all_kinds=over_others)
        kept = set() if over_others else _taken(targets)
        made, former = [], []
        model = redirects().model
        for address, target in targets.items():
            if address in kept:
                continue
            is_gone = target.page_id is None and not target.link
            if address.site_id is not None and (is_gone or len(address.path) > LONGEST):
                former.append(_former(address.site_id, address.path, target))
            elif not is_gone:
                made.append(
                    model(
                        old_path=address.path,
                        site_id=address.site_id,
                        redirect_page_id=target.page_id,
                        redirect_link=target.link,
                        is_permanent=target.is_permanent,
                        automatically_created=True,
                    )
                )
        # Somebody else may have made one at the same moment; the address leads somewhere then.
        model._default_manager.bulk_create(made, batch_size=CHUNK, ignore_conflicts=True)
        FormerPath.objects.bulk_create(former, batch_size=CHUNK)
        _log([*targets])


def clear(addresses: Collection[Address], *, all_kinds: bool = False) -> None:
    """Delete the redirects from addresses that were made by themselves, and what was said to be gone there."""
    for site_id, paths in _chunks(addresses):
        found = redirects().filter(site_id=site_id, old_path__in=paths)
        (found if all_kinds else found.filter(automatically_created=True)).delete()
        if site_id is not None:
            _former_at(site_id, paths).delete()


def remember(pages: Mapping[Address, int]) -> None:
    """Remember which pages addresses led to, for when these are seen again; until then, others come first."""
    FormerPath.objects.bulk_create(
        (
            _former(address.site_id, address.path, Target(page))
            for address, page in pages.items()
            if address.site_id is not None
        ),
        batch_size=CHUNK,
    )


def recall(page: Page) -> None:
    """Let the addresses that led to a page and those below it lead there again, now that it is seen again."""
    rows = FormerPath.objects.filter(page__path__startswith=page.path)
    addresses = {Address(*row) for row in rows.values_list("site_id", "path")}
    for site_id, paths in _chunks(addresses):
        redirects().filter(site_id=site_id, old_path__in=paths, automatically_created=True).delete()
        if site_id is not None:
            _former_at(site_id, paths).filter(page=None).delete()


def _former(site_id: int, path: str, target: Target) -> FormerPath:
    return FormerPath(
        site_id=site_id,
        path=path,
        digest=digest_of(path),
        page_id=target.page_id,
        link=target.link,
        is_permanent=target.is_permanent,
    )


def _former_at(site_id: int, paths: Iterable[str]) -> QuerySet[FormerPath]:
    paths = list(paths)
    digests = [digest_of(path) for path in paths]
    return FormerPath.objects.filter(site_id=site_id, digest__in=digests, path__in=paths)


def _taken(addresses: Collection[Address]) -> set[Address]:
    """Return the addresses from which an editor's redirect leads."""
    return {
        Address(site_id, path)
        for site_id, paths in _chunks(addresses)
        for path in redirects()
        # One of all sites, too, is an editor's.
        .filter(Q(site_id=site_id) | Q(site_id=None), old_path__in=paths)
        .values_list("old_path", flat=True)
    }


def _chunks(addresses: Iterable[Address]) -> Iterator[tuple[int | None, list[str]]]:
    by_site: dict[int | None, dict[str, None]] = {}
    for address in addresses:
        by_site.setdefault(address.site_id, {})[address.path] = None
    for site_id, paths in by_site.items():
        rest = iter(paths)
        while chunk := list(islice(rest, CHUNK)):
            yield site_id, chunk


def _log(addresses: list[Address]) -> None:
    model: Any = redirects().model
    name = table(model)
    tags = {redirect_tag(address.path) for address in addresses} | {name, membership_tag(name)}
    tags |= {column_tag(name, str(field.column)) for field in model._meta.concrete_fields}
    log(PendingChange(Kind.REDIRECT, object_type=model._meta.label_lower, tags=tags))
