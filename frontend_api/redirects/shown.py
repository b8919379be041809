"""The redirects of a site as they are listed, without those that lead to something readers do not see."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import SplitResult

from django.db.models import Q, QuerySet
from wagtail.models import Site

from frontend_api.visibility.paths import routable_types
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.roots import url_paths_at
from frontend_api.visibility.sites import hostnames

from .following import (
    above_of,
    end_of_link,
    end_of_page,
    is_of_frontend,
    site_at,
    split,
    with_slashes,
)
from .leads import may_lead_on, redirects_of
from .paths import without_doubled_slashes


def seen(perspective: Perspective, key: Any = None) -> QuerySet[Any]:
    """Return the redirects of a site, and those of all sites, that lead to something readers see; or one of them."""
    found = redirects_of(perspective.site)
    if key is not None:
        found = found.filter(pk=key)
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
    unsure: dict[int, str] = {}
    here: dict[int, SplitResult] = {}
    ours = hostnames()
    for key, link in links.values_list("pk", "redirect_link"):
        parts = split(link)
        if parts is not None and parts.netloc and (parts.hostname or "").lower() not in ours:
            continue
        site = None if parts is None else site_at(parts, perspective.site)
        if parts is None or site is not None:
            unsure[key] = link
        if parts is not None and site == perspective.site:
            here[key] = parts
    known = _with_page(here, perspective)
    known |= {key for key, parts in here.items() if is_of_frontend(_path(parts))}
    nowhere = {key: parts for key, parts in here.items() if key not in known}
    hidden = nowhere.keys() - _with_lead(nowhere, perspective)
    # Only what is nothing of this site's own, and may be led on from, has to be followed.
    followed = unsure.keys() - hidden - known
    hidden |= {key for key in followed if end_of_link(unsure[key], perspective) is None}
    return sorted(hidden)


def _path(parts: SplitResult) -> str:
    return f"/{without_doubled_slashes(parts.path or '/').removeprefix('/')}"


def _with_page(links: dict[int, SplitResult], perspective: Perspective) -> set[int]:
    """Return the keys of the addresses at which readers of the site see a page, in one query."""
    places = {key: [_path(parts)] for key, parts in links.items()}
    return _placed(places, perspective.pages(), perspective)


def _with_lead(links: dict[int, SplitResult], perspective: Perspective) -> set[int]:
    """Return the keys of the addresses from which a redirect or a routable page may lead on, in three queries."""
    asked = {(key, ""): (_path(parts), parts.query) for key, parts in links.items()}
    above = {key: [one for one, _ in above_of(_path(parts))] for key, parts in links.items()}
    if not routable_types():
        above = {}
    # What is within a page leads to the same within what that has become.
    asked |= {(key, path): (path, "") for key, paths in above.items() for path in paths}
    leading = may_lead_on(perspective.site, asked, perspective.dependencies)
    routable = perspective.pages().type(*routable_types()) if above else perspective.pages().none()
    return {key for key, _ in leading} | _placed(above, routable, perspective)


def _placed(
    places: Mapping[int, Iterable[str]], pages: QuerySet[Any], perspective: Perspective
) -> set[int]:
    """Return the keys of the paths at one of which is one of `pages`."""
    wanted = {
        key: {url for path in paths for url in url_paths_at(perspective.roots, with_slashes(path))}
        for key, paths in places.items()
    }
    asked = {url_path for url_paths in wanted.values() for url_path in url_paths}
    found = pages.order_by().filter(url_path__in=asked).values_list("url_path", flat=True)
    there = {*found} if asked else set()
    return {key for key, url_paths in wanted.items() if not there.isdisjoint(url_paths)}


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
