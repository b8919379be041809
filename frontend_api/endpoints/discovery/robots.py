"""`robots.txt`: what programs may read of a website, and where its sitemap is."""

from collections.abc import Iterable
from typing import ClassVar

from frontend_api import conf

from .base import DiscoveryView


class RobotsView(DiscoveryView):
    """Allow everything but what the setting `ROBOTS_DISALLOW` names.

    What a page says of itself, such as that search engines should not list it, is no matter of this file: a program
    that may not read the page would not learn of it.
    """

    content_type = "text/plain; charset=utf-8"
    parameters: ClassVar[frozenset[str]] = frozenset({"site"})

    def written(self) -> Iterable[str]:
        """Return the rules for all programs, and the address of the sitemap on the frontend."""
        paths = conf.robots_disallow()
        yield "User-agent: *\n"
        yield "".join(f"Disallow: {path}\n" for path in paths) or "Disallow:\n"
        yield f"\nSitemap: {self.perspective.site.root_url}/sitemap.xml\n"
