"""The `site` parameter: the `hostname[:port]` of a Wagtail site, whichever host the request was sent to."""

from wagtail.models import Site

from frontend_api.errors import NoSuchSite, bad_parameter
from frontend_api.visibility.sites import default_site, sites_at

# No port has more digits, and a very long string of digits takes long to convert.
LONGEST_PORT = 5


def site_named(name: str | None) -> Site:
    """Return the site with the name `hostname[:port]`, or the default site for None.

    Raises `NoSuchSite` if there is no such site, and `BadParameters` if several share the hostname.
    """
    if name is None:
        site = default_site()
        if site is None:
            raise bad_parameter(
                "site", "There is no default site; name one with site=hostname[:port]."
            )
        return site
    hostname, _, port = name.lower().partition(":")
    found = sites_at(hostname, _number(port) if port else None)
    if not found:
        raise NoSuchSite
    if len(found) > 1:
        raise bad_parameter(
            "site", "Several sites have that hostname; add the port, as in site=hostname:port."
        )
    return found[0]


def _number(port: str) -> int:
    is_number = port.isascii() and port.isdigit() and len(port) <= LONGEST_PORT
    if not (is_number and 0 < int(port) < 65536):
        raise bad_parameter("site", "The port in site is not a number between 1 and 65535.")
    return int(port)
