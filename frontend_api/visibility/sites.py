"""Finds Wagtail's sites, each of which is a frontend.

A change of a site invalidates every response, so queries for sites need no tracking.
"""

from functools import lru_cache

from wagtail.models import Site

from frontend_api.changes.sites import site_of
from frontend_api.dependencies.tracker import Dependencies, current
from frontend_api.introspection import Page

from .compiled_query import CompiledObjectQuery


def default_site() -> Site | None:
    """Return the default site with its home page, or None if there is none."""
    with (current() or Dependencies()).untracked():
        return next(iter(_default_site().fetch()), None)


def sites_at(hostname: str, port: int | None) -> list[Site]:
    """Return up to two sites with this hostname and, unless it is None, this port, each with its home page."""
    sites = Site.objects.select_related("root_page").filter(hostname__iexact=hostname)
    with (current() or Dependencies()).untracked():
        # Two are enough to tell that there are several.
        return list((sites if port is None else sites.filter(port=port))[:2])


def hostnames() -> set[str]:
    """Return the hostnames of all sites, in small letters."""
    with (current() or Dependencies()).untracked():
        return {name.lower() for name in Site.objects.values_list("hostname", flat=True)}


def site_of_draft(page: Page) -> Site | None:
    """Return the site that a draft belongs to by its place in the tree, or None if it is outside every site."""
    return Site.objects.select_related("root_page").filter(pk=site_of(page)).first()


@lru_cache(maxsize=1)
def _default_site() -> CompiledObjectQuery:
    return CompiledObjectQuery(Site.objects.filter(is_default_site=True).order_by(), "root_page")
