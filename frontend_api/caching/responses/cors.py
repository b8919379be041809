"""CORS: allows scripts of Wagtail's sites and of the origins in `CORS_ALLOWED_ORIGINS` to read the API."""

import re
from typing import Any

from corsheaders.conf import conf
from corsheaders.signals import check_request_enabled
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Site

from frontend_api.changes import versions
from frontend_api.changes.versions import State
from frontend_api.dependencies.validity import Validity


class _Origins:
    """The origins of Wagtail's sites, cached until a change makes everything stale, as a change to a site does."""

    def __init__(self) -> None:
        self._read: tuple[Validity, frozenset[str]] | None = None

    def of_sites(self, state: State) -> frozenset[str]:
        """Return the origins of all sites, in lower case, as of `state`."""
        read, now = self._read, timezone.now()
        if read is None or not read[0].holds(state, now):
            origins = frozenset(site.root_url.lower() for site in Site.objects.all())
            validity = Validity(state, versions.current(), made_at=now, until=None, tags=())
            read = self._read = validity, origins
        return read[1]


_origins = _Origins()


def is_allowed(origin: str, state: State) -> bool:
    """Return whether scripts of `origin`, such as https://www.example.org, may read the API."""
    return origin in conf.CORS_ALLOWED_ORIGINS or origin.lower() in _origins.of_sites(state)


def headers(origin: str | None, state: State) -> list[tuple[str, str]]:
    """Return the headers that let scripts of `origin` read a response; none if they may not."""
    if not origin or not is_allowed(origin, state):
        return []
    return [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Expose-Headers", ", ".join(conf.CORS_EXPOSE_HEADERS)),
    ]


def allow_sites(sender: Any, request: HttpRequest, **kwargs: Any) -> bool:
    """Make django-cors-headers, which answers preflight requests, allow the same origins, for the API only."""
    origin = request.headers.get("Origin")
    if not origin or not re.match(conf.CORS_URLS_REGEX, request.path_info):
        return False
    return is_allowed(origin, versions.current())


check_request_enabled.connect(allow_sites, dispatch_uid="frontend_api.caching.responses.cors")
