"""The redirects that go with a site: none that leads to a page that stays here, whose address it would tell."""

from collections.abc import Iterable
from typing import Any

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from frontend_api.dependencies.tracker import Dependencies
from frontend_api.redirects.following import site_at, split
from frontend_api.redirects.models import FormerPath
from frontend_api.redirects.paths import stored_form
from frontend_api.visibility.perspective import Perspective


def leads_of(site: Site, left_out: Iterable[Page]) -> tuple[list[Any], list[Any]]:
    """Return the keys of the redirects and of the former paths of a site that do not lead to what is left out."""
    pages = list(left_out)
    keys = {page.pk for page in pages}
    closed = _addresses(site, pages)
    former = list(FormerPath.objects.filter(site=site).order_by("pk"))
    redirects = list(Redirect.objects.filter(site=site).order_by("pk"))

    def leads_there(page: int | None, link: str) -> bool:
        return page in keys or _path(link, site) in closed

    while True:
        # One may lead on to another.
        found = {one.path for one in former if leads_there(one.page_id, one.link)}
        found |= {
            stored_form(one.old_path)
            for one in redirects
            if leads_there(one.redirect_page_id, one.redirect_link)
        }
        if found <= closed:
            break
        closed |= found
    return (
        [one.pk for one in redirects if not leads_there(one.redirect_page_id, one.redirect_link)],
        [one.pk for one in former if not leads_there(one.page_id, one.link)],
    )


def _addresses(site: Site, pages: list[Page]) -> set[str]:
    roots = Perspective(site, dependencies=Dependencies()).roots
    return {
        stored_form(root.path_of(page.url_path))
        for page in pages
        for root in roots
        if page.path.startswith(root.path)
    }


def _path(link: str, site: Site) -> str | None:
    """Return the path on the site that a link leads to, or None if it leads elsewhere."""
    parts = split(link) if link else None
    is_here = parts is not None and site_at(parts, site) == site
    return stored_form(parts.path) if parts is not None and is_here else None
