"""The redirects of a site as they are listed, without those that lead to something readers do not see."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Site

from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.roots import url_paths_at

from .following import end_of_link, end_of_page, site_at, split
from .leads import redirects_of


def seen(perspective: Perspective) -> QuerySet[Any]:
    """Return the redirects of a site, and those of all sites, that lead to something readers see."""
    found = redirects_of(perspective.site)
    with perspective.dependencies.tracking_selection():
        hidden, elsewhere = _hidden_links(found, perspective), _on_other_sites(found, perspective)
    pages = perspective.pages().order_by().values("pk")
    to_page = Q(redirect_page__in=pages) | Q(redirect_page__in=elsewhere)
    to_link = Q(redirect_page=None) & ~Q(redirect_link="") & ~Q(pk__in=hidden)
    return found.filter(to_page | to_link)


def locations(items: Iterable[Any], perspective: Perspective) -> list[tuple[Any, str]]:
    """Return redirects with the full URL that each leads to, without those that lead nowhere."""
    items = list(items)
    if items:
        keys = [redirect.pk for redirect in items]
        perspective.dependencies.add_objects(type(items[0]), keys)
    wanted = {redirect.redirect_page_id for redirect in items} - {None}
    pages = {page.pk: page for page in perspective.specific_pages(wanted)}
    found = [(redirect, _location(redirect, pages, perspective)) for redirect in items]
    return [(redirect, location) for redirect, location in found if location]


def _location(redirect: Any, pages: dict[int, Any], perspective: Perspective) -> str | None:
    key, route = redirect.redirect_page_id, redirect.redirect_page_route_path
    if key is None:
        return str(redirect.redirect_link)
    if key in pages and not route:
        return perspective.html_url(pages[key])
    return end_of_page(key, route, perspective)


def _hidden_links(found: QuerySet[Any], perspective: Perspective) -> list[int]:
    """Return the keys of the redirects to an address of ours at which readers find nothing."""
    links = found.filter(redirect_page=None).exclude(redirect_link="").order_by("pk")
    ours: dict[int, str] = {}
    wanted: dict[int, list[str]] = {}
    for key, link in links.values_list("pk", "redirect_link"):
        parts = split(link)
        site = None if parts is None else site_at(parts, perspective.site)
        if parts is None or site is not None:
            ours[key] = link
        if parts is not None and site == perspective.site:
            path = "/" + "".join(f"{step}/" for step in parts.path.split("/") if step)
            wanted[key] = url_paths_at(perspective.roots, path)
    asked = {url_path for url_paths in wanted.values() for url_path in url_paths}
    pages = perspective.pages().order_by().filter(url_path__in=asked)
    there = {*pages.values_list("url_path", flat=True)} if asked else set()
    # Only what is no page has to be followed.
    unsure = {key: link for key, link in ours.items() if there.isdisjoint(wanted.get(key, ()))}
    return [key for key, link in unsure.items() if end_of_link(link, perspective) is None]


def _on_other_sites(found: QuerySet[Any], perspective: Perspective) -> list[int]:
    """Return the keys of the pages of other sites that redirects lead to, and their readers see."""
    own = perspective.pages().order_by().values("pk")
    keys = {
        *found.exclude(redirect_page=None)
        .exclude(redirect_page__in=own)
        .values_list("redirect_page", flat=True)
    }
    if not keys:
        return []
    others = Site.objects.select_related("root_page").exclude(pk=perspective.site.pk)
    return [
        key
        for site in others
        for key in Perspective(site, dependencies=perspective.dependencies)
        .pages()
        .order_by()
        .filter(pk__in=keys)
        .values_list("pk", flat=True)
    ]
