"""Finds where a page of another site is: a link to it leads to the frontend of that site."""

from collections.abc import Iterable
from typing import NamedTuple

from wagtail.models import Site

from frontend_api.introspection import Page

from .perspective import Perspective


class PageElsewhere(NamedTuple):
    """A page that the readers of another site see, and its address there."""

    page: Page
    url: str


def pages_elsewhere(perspective: Perspective, keys: Iterable[int]) -> dict[int, PageElsewhere]:
    """Return those of the pages with these ids that are public on another site, by id.

    What each site shows, only a perspective of that site says.
    """
    # A change of a site invalidates every response, so this needs no tracking.
    with perspective.dependencies.untracked():
        others = list(
            Site.objects.exclude(pk=perspective.site.pk).select_related("root_page").order_by("pk")
        )
    found: dict[int, PageElsewhere] = {}
    for site in others:
        there = Perspective(site, dependencies=perspective.dependencies)
        for page in there.specific_pages(set(keys) - set(found)):
            found[page.pk] = PageElsewhere(page, there.html_url(page))
    return found
