"""What becomes of the addresses of pages that are deleted or unpublished: they lead elsewhere, or are gone for good."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wagtail.models import Site

from frontend_api.dependencies.tracker import Dependencies
from frontend_api.introspection import Page
from frontend_api.visibility.perspective import Perspective

from .addresses import Address, addressed_of
from .leads import redirects
from .models import FormerPath
from .storing import CHUNK, Target, lead, remember


@dataclass(frozen=True)
class Ending:
    """The addresses that pages have and had, before they end."""

    pages: frozenset[int]
    addresses: frozenset[Address]

    led: Mapping[Address, int]
    """The pages to which redirects led, by their addresses."""

    def lead(self, target: Target, *, is_deleted: bool = False) -> None:
        """Lead the readers of all these addresses elsewhere, or say that they are gone for good."""
        addresses = set(self.addresses)
        if target.page_id is None and not target.link:
            # What is gone, is gone from a site; a redirect of all sites may have led here.
            sites = {address.site_id for address in addresses} - {None}
            addresses |= {Address(site, path) for _, path in addresses for site in sites}
        lead(dict.fromkeys(sorted(addresses, key=str), target), over_others=True)
        if not is_deleted:
            remember(self.led)


def is_seen(page: Page) -> bool:
    """Return whether readers of any site see a page."""
    sites = Site.objects.select_related("root_page")
    perspectives = (Perspective(site, dependencies=Dependencies()) for site in sites)
    return any(one.pages().filter(pk=page.pk).exists() for one in perspectives)


def ending(pages: Iterable[Page], *, alone: bool = False) -> Ending:
    """Return what readers will miss when these pages end, and unless `alone`, all below them.

    To the addresses that they have come those from which readers were led to them.
    """
    found = addressed_of(pages, alone=alone)
    keys = sorted({one.pk for one in found})
    led: dict[Address, int] = {}
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        former = FormerPath.objects.filter(page__in=some)
        rows: list[tuple[Any, ...]] = [
            *redirects()
            .filter(redirect_page__in=some)
            .values_list("site_id", "old_path", "redirect_page_id"),
            *former.values_list("site_id", "path", "page_id"),
        ]
        led |= {Address(site_id, path): page for site_id, path, page in rows}
    addresses = {one.address for one in found}
    return Ending(frozenset(keys), frozenset(addresses | led.keys()), led)
