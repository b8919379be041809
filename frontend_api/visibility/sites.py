"""Which site a request or a page is about; a Wagtail site is a frontend."""

from functools import lru_cache

from wagtail.models import Page, Site

from frontend_api.dependencies.tracker import Record, current
from frontend_api.errors import bad_parameter

from .compiled_query import PreparedObjects

# Longer texts may be numbers too, whose reading alone takes long.
LONGEST_PORT = 5


def site_named(name: str | None) -> Site:
    """Return the site with the name `hostname[:port]`, or the default one for None.

    Raises a bad-parameter problem when there is no such site, or when several share the hostname.
    """
    sites = Site.objects.select_related("root_page")
    if name is None:
        # A change of a site makes everything old.
        with (current() or Record()).accounted():
            found = _default_site().fetch()
        for site in found:
            return site
        raise bad_parameter("site", "There is no default site; name one with site=hostname[:port].")
    hostname, _, port = name.lower().partition(":")
    candidates = sites.filter(hostname__iexact=hostname)
    if port:
        is_number = port.isascii() and port.isdigit() and len(port) <= LONGEST_PORT
        if not (is_number and 0 < int(port) < 65536):
            raise bad_parameter("site", "The port in site is not a number between 1 and 65535.")
        candidates = candidates.filter(port=int(port))
    with (current() or Record()).accounted():
        found = list(candidates[:2])
    if not found:
        raise bad_parameter("site", "There is no site with the name that site gives.")
    if len(found) > 1:
        raise bad_parameter(
            "site", "Several sites have that hostname; add the port, as in site=hostname:port."
        )
    return found[0]


def site_of_draft(page: Page) -> Site | None:
    """Return the site that a draft belongs to, by its place in the tree, or None outside of every site."""
    sites = Site.objects.select_related("root_page").order_by(
        "-root_page__depth", "-is_default_site", "pk"
    )
    return next((site for site in sites if page.path.startswith(site.root_page.path)), None)


@lru_cache(maxsize=1)
def _default_site() -> PreparedObjects:
    return PreparedObjects(Site.objects.filter(is_default_site=True).order_by(), "root_page")
