"""The addresses that pages have on the frontends of sites."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from wagtail.models import Site

from frontend_api.dependencies.tracker import Dependencies
from frontend_api.introspection import Page
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.roots import Root

from .paths import stored_form


class Address(NamedTuple):
    """A path on the frontend of a site, as a redirect has it."""

    site_id: int | None
    """None for a redirect of all sites."""
    path: str


class Addressed(NamedTuple):
    """A page that readers see: its id, its URL path, and its address on one of the sites."""

    pk: int
    url_path: str
    address: Address


def homes_above(path: str) -> Iterator[tuple[Perspective, Root]]:
    """Yield the homes above a place in the tree, each in the eyes of the readers of its site.

    What is at a home itself keeps its address, whatever its slug.
    """
    for site in Site.objects.select_related("root_page").order_by("pk"):
        perspective = Perspective(site, dependencies=Dependencies())
        for root in perspective.roots:
            if path.startswith(root.path) and path != root.path:
                yield perspective, root


def address_in(root: Root, site: Site, url_path: str) -> Address:
    """Return the address of a page below a home."""
    return Address(site.pk, stored_form(root.path_of(url_path)))


def addressed(page: Page, *, url_path: str | None = None, alone: bool = False) -> list[Addressed]:
    """Return what readers see of a page and all below it, in a few queries, however much that is.

    `url_path` is that of the page itself, if what is stored is another.
    """
    found = []
    for perspective, root in homes_above(page.path):
        pages = perspective.pages().order_by().filter(path__startswith=page.path)
        if alone:
            pages = pages.filter(pk=page.pk)
        for key, stored in pages.values_list("pk", "url_path"):
            own = url_path if key == page.pk and url_path is not None else stored
            found.append(Addressed(key, own, address_in(root, perspective.site, own)))
    return found


def addressed_of(pages: Iterable[Page], *, alone: bool = False) -> list[Addressed]:
    """Return what readers see of several pages, and unless `alone`, of all below them."""
    found = [one for page in pages for one in addressed(page, alone=alone)]
    return list(dict.fromkeys(found))
