"""Keeps the addresses that pages had: when a slug changes or a branch moves, each old one leads to its page.

In place of what `wagtail.contrib.redirects` does, which makes them one page at a time and after the commit, for pages
that readers never saw, too, and cuts or fails at long paths.
"""

from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.dispatch import receiver
from wagtail.signals import pre_page_move

from frontend_api.changes.capture import address_changed
from frontend_api.introspection import Page

from .addresses import Address, Addressed, address_in, addressed, homes_above
from .storing import Target, clear, lead, recall

# What readers saw of the page that is about to move, by its id: once it has moved, other pages may hide it.
_moving: ContextVar[dict[int, list[Addressed]] | None] = ContextVar("moving", default=None)


def is_wanted() -> bool:
    """Return whether the project wants redirects from old addresses, by the setting of Wagtail."""
    return bool(getattr(settings, "WAGTAILREDIRECTS_AUTO_CREATE", True))


@receiver(pre_page_move)
def remember(
    sender: type[Page], instance: Page, url_path_before: str, url_path_after: str, **kwargs: Any
) -> None:
    """Remember the addresses of a branch before it moves."""
    if is_wanted() and url_path_before != url_path_after:
        _moving.set({instance.pk: addressed(instance)})


@receiver(address_changed)
def keep(sender: type[Page], page: Page, before: Page | None, **kwargs: Any) -> None:
    """Lead readers from the old addresses of a page and all below it, and from no address that is theirs now."""
    if not is_wanted():
        return
    moved = (_moving.get() or {}).get(page.pk)
    _moving.set(None)
    old: list[Addressed] = []
    if before is not None and before.live and before.url_path != page.url_path:
        if moved is not None:
            old = moved
        elif before.slug != page.slug:
            # Those below the page still have their old paths.
            old = addressed(page, url_path=before.url_path)
    start = before.url_path if before is not None else page.url_path
    now = _now(page, start, old)
    left = {one.address: Target(one.pk) for one in old if (one.pk, one.address) not in now}
    arrived = {address for _, address in now}
    clear(arrived)
    if before is not None and not before.live:
        recall(page)
    lead({address: target for address, target in left.items() if address not in arrived})


def _now(page: Page, start: str, old: list[Addressed]) -> set[tuple[int, Address]]:
    """Return the new addresses of a page and of those that were below it, by the id of each."""
    paths = {page.pk: page.url_path}
    for one in old:
        if one.url_path.startswith(start):
            paths[one.pk] = f"{page.url_path}{one.url_path.removeprefix(start)}"
    return {
        (key, address_in(root, perspective.site, url_path))
        for perspective, root in homes_above(page.path)
        for key, url_path in paths.items()
    }
