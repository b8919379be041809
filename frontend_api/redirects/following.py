"""Follows redirects to their end: a page that readers see, an address elsewhere, or nothing.

What leads to something that readers do not see leads nowhere, and nothing is said of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, Final, Literal
from urllib.parse import SplitResult, urlsplit

from wagtail.models import Site

from frontend_api import conf
from frontend_api.changes.tags import object_tag
from frontend_api.introspection import Page
from frontend_api.visibility.paths import has_route, page_at, routable_types
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.sites import site_of_draft, sites_at

from . import variants
from .leads import Lead, lead_at
from .paths import Asked, stored_form, with_query, without_doubled_slashes

MOST_STEPS = 20
PORTS = {"http": 80, "https": 443}


class Ended(Enum):
    """What a path that has ended for good leads to."""

    ENDED = auto()


ENDED: Final = Ended.ENDED


@dataclass(frozen=True)
class End:
    """Where readers are to go, and whether for good."""

    url: str
    is_external: bool
    is_permanent: bool = True

    @property
    def redirect(self) -> dict[str, Any]:
        """The form in which a problem has it: a path of the same frontend, or a full URL elsewhere."""
        status = 301 if self.is_permanent else 302
        return {"url": self.url, "external": self.is_external, "status": status}


Found = End | Literal[Ended.ENDED] | None


@dataclass(frozen=True)
class Place:
    """A path on the frontend of a site, with its query and what is behind `#`, in the eyes of a reader."""

    perspective: Perspective
    path: str
    query: str = ""
    fragment: str = ""


def end_of(perspective: Perspective, asked: Asked) -> Found:
    """Return where a path without a page leads; None if nowhere."""
    here = Place(perspective, asked.path, asked.query)
    if asked.is_doubled:
        written = _followed(replace(here, path=asked.written), perspective)
        if written is not None or conf.path_rule("SLASHES") == conf.EXACT:
            return written
        page = page_at(perspective, asked.path)
        if page is not None:
            return _at_page(page, here, perspective)
    found = _followed(here, perspective)
    if found is not None:
        return found
    for path, page in variants.written_otherwise(perspective, asked.path):
        if page is not None:
            return _at_page(page, here, perspective)
        found = _followed(replace(here, path=path), perspective)
        if found is not None:
            return found
    return None


def end_of_link(link: str, perspective: Perspective) -> Found:
    """Return where a redirect to an address ends; None if nowhere."""
    place = Place(perspective, "/")
    after = _after(Lead(link=link), place, perspective)
    return _followed(after, perspective) if isinstance(after, Place) else after


def end_of_page(key: int, route: str, perspective: Perspective) -> str | None:
    """Return the full URL of a page, or of a route within it; None if readers do not see it."""
    page, own = _page(key, perspective)
    if page is None:
        return None
    url = own.html_url(page)
    return f"{url.rstrip('/')}{route}" if _answers(page, route) else url


def _followed(place: Place, home: Perspective) -> Found:
    """Follow the redirects from a place, for readers of the frontend of `home`."""
    is_permanent = True
    known: set[tuple[int, str]] = set()
    while len(known) < MOST_STEPS:
        step = place.perspective.site.pk, stored_form(place.path, place.query).casefold()
        if step in known:
            return None
        known.add(step)
        lead = _lead(place)
        if lead is None:
            return None
        if lead.is_end:
            return ENDED
        is_permanent &= lead.is_permanent
        after = _after(lead, place, home)
        if not isinstance(after, Place):
            return after and replace(after, is_permanent=is_permanent)
        place = after
    return None


def _after(lead: Lead, place: Place, home: Perspective) -> Place | End | None:
    """Return the end that a redirect leads to, or the place on a frontend of ours from where another may lead on."""
    query = "" if lead.names_query else place.query
    if lead.page_id is not None:
        page, perspective = _page(lead.page_id, place.perspective)
        if page is None:
            return None
        route = lead.route if _answers(page, lead.route) else ""
        return _at_page(page, replace(place, perspective=perspective, query=query), home, route)
    link = with_query(lead.link, query)
    parts = split(link)
    site = None if parts is None else site_at(parts, place.perspective.site)
    if parts is None:
        return None
    if site is None:
        return End(link, is_external=True)
    perspective = _of(site, place.perspective)
    path = without_doubled_slashes(parts.path or "/")
    target = Place(perspective, f"/{path.removeprefix('/')}", parts.query, parts.fragment)
    page = page_at(perspective, with_slashes(target.path))
    if page is not None:
        return _at_page(page, target, home)
    if is_of_frontend(target.path):
        return _end(target, target.path, home)
    return target


def _at_page(page: Any, place: Place, home: Perspective, route: str = "") -> End:
    path = place.perspective.path(page)
    return _end(place, f"{path.rstrip('/')}{route}" if route else path, home)


def _end(place: Place, path: str, home: Perspective) -> End:
    address = with_query(path, place.query)
    if place.fragment:
        address = f"{address}#{place.fragment}"
    if place.perspective.site == home.site:
        return End(address, is_external=False)
    return End(f"{place.perspective.site.root_url}{address}", is_external=True)


def _page(key: int, perspective: Perspective) -> tuple[Any, Perspective]:
    """Return the page with an id as its readers see it, on whichever site it is; None if they do not."""
    page = _seen(key, perspective)
    if page is not None:
        return page, perspective
    with perspective.dependencies.untracked():
        stored = Page.objects.filter(pk=key).first()
        site = site_of_draft(stored) if stored else None
    if site is None or site == perspective.site:
        return None, perspective
    other = _of(site, perspective)
    return _seen(key, other), other


def _seen(key: int, perspective: Perspective) -> Any:
    tags = perspective.dependencies.tags
    is_noted = object_tag(Page, key) in tags
    found = next(iter(perspective.specific_pages([key])), None)
    if found is None and not is_noted:
        # That there is something unseen is not told, not even by a tag: when it appears, the log names this path.
        tags.discard(object_tag(Page, key))
    return found


def _of(site: Site, perspective: Perspective) -> Perspective:
    if site == perspective.site:
        return perspective
    return Perspective(site, dependencies=perspective.dependencies, context=perspective.context)


def _lead(place: Place) -> Lead | None:
    """Return where a place leads; what is within a routable page leads to the same within the page it has become."""
    dependencies = place.perspective.dependencies
    found = lead_at(place.perspective.site, place.path, place.query, dependencies)
    if found is not None or not routable_types():
        return found
    for above, rest in above_of(place.path):
        lead = lead_at(place.perspective.site, above, "", dependencies)
        if lead is not None and lead.page_id is not None and not lead.route:
            page, _ = _page(lead.page_id, place.perspective)
            return replace(lead, route=rest) if page is not None and _answers(page, rest) else None
    return None


def above_of(path: str) -> Iterator[tuple[str, str]]:
    """Yield the paths above a path, the nearest first, each with the rest of the path."""
    steps = [step for step in path.split("/") if step]
    for end in range(len(steps) - 1, 0, -1):
        yield f"/{'/'.join(steps[:end])}/", f"/{'/'.join(steps[end:])}/"


def _answers(page: Any, route: str) -> bool:
    return bool(route) and type(page) in routable_types() and has_route(page, route)


def split(link: str) -> SplitResult | None:
    """Return the parts of an address, or None if it is none."""
    try:
        parts = urlsplit(link)
        return parts if parts.port is None or parts.hostname else None
    except ValueError:
        return None


def site_at(parts: SplitResult, site: Site) -> Site | None:
    """Return the site of ours that an address is on, or None; an address without a host is on `site`."""
    if not parts.netloc:
        return site if parts.path.startswith("/") and not parts.scheme else None
    if parts.scheme not in PORTS or not parts.hostname:
        return None
    port = parts.port or PORTS[parts.scheme]
    if parts.hostname.lower() == site.hostname.lower() and _is_same(port, site.port):
        return site
    found = sites_at(parts.hostname, None)
    return next((one for one in found if _is_same(port, one.port)), None)


def _is_same(port: int, other: int) -> bool:
    # Whichever of the two a frontend answers at, it leads readers to the other.
    return port == other or {port, other} == {80, 443}


def is_of_frontend(path: str) -> bool:
    """Return whether the frontend has a path that is no page, such as `/search/`, as the project's setting says."""
    return any(
        f"{path.rstrip('/')}/".startswith(f"{own.rstrip('/')}/") for own in conf.paths_of_frontend()
    )


def with_slashes(path: str) -> str:
    """Return a path with a slash at its end."""
    return f"{path.rstrip('/')}/"
