"""Caches that are purged by tag, beside those of Wagtail's that are purged by address.

A backend of one's own is a class with a method `purge_tags(names)`, which raises an error where it cannot::

    class OurBackend(BaseBackend):
        def purge_tags(self, names: list[str]) -> None: ...
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import requests
from wagtail.contrib.frontend_cache.backends import BaseBackend, CloudflareBackend

# In seconds, to connect and for each part of the answer.
TIMEOUT = (3, 10)


class PurgeFailed(Exception):
    """A cache answers, and does not purge."""


class CloudflareTagBackend(CloudflareBackend):
    """Cloudflare, purged by the tags in `Cache-Tag`; every plan has that.

    {"BACKEND": "frontend_api.caching.cdn.backends.CloudflareTagBackend", "ZONEID": "…", "BEARER_TOKEN": "…"}
    """

    # As many as one call takes: https://developers.cloudflare.com/cache/how-to/purge-cache/
    TAGS_A_CALL = 100

    def __init__(self, params: dict[str, Any]) -> None:
        api = params.pop("API", "https://api.cloudflare.com/client/v4")
        super().__init__(params)
        self.purge_address = f"{api}/zones/{self.cloudflare_zoneid}/purge_cache"

    def purge_tags(self, names: list[str]) -> None:
        """Purge what has one of these names among its tags."""
        if self.cloudflare_token:
            headers = {"Authorization": f"Bearer {self.cloudflare_token}"}
        else:
            headers = {
                "X-Auth-Email": self.cloudflare_email,
                "X-Auth-Key": self.cloudflare_api_key,
            }
        for part in _parts(names, self.TAGS_A_CALL):
            response = requests.post(
                self.purge_address,
                json={"tags": part},
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
            said = _json(response)
            if not (_is_done(response) and said.get("success") is True):
                what = f"{response.status_code} {response.reason} {_errors(said)}"
                raise PurgeFailed(what.rstrip())


class HttpTagBackend(BaseBackend):
    """A cache that takes the names in the header `Surrogate-Key` of a request: Varnish, Fastly, a frontend of ours.

    {"BACKEND": "frontend_api.caching.cdn.backends.HttpTagBackend", "LOCATION": "http://varnish:6081/",
     "METHOD": "PURGE", "HEADERS": {"Authorization": "Bearer …"}}
    """

    # Fastly takes 256; Varnish takes a header line of 8 kB, and these are less than 3.
    TAGS_A_CALL = 256

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.location: str = params.pop("LOCATION")
        self.method: str = params.pop("METHOD", "PURGE")
        self.headers: dict[str, str] = params.pop("HEADERS", {})

    def purge_tags(self, names: list[str]) -> None:
        """Purge what has one of these names among its tags."""
        for part in _parts(names, self.TAGS_A_CALL):
            response = requests.request(
                self.method,
                self.location,
                headers={**self.headers, "Surrogate-Key": " ".join(part)},
                timeout=TIMEOUT,
                allow_redirects=False,
            )
            if not _is_done(response):
                raise PurgeFailed(f"{response.status_code} {response.reason}")


def _parts(names: list[str], size: int) -> Iterator[list[str]]:
    rest = iter(names)
    while part := list(islice(rest, size)):
        yield part


def _is_done(response: requests.Response) -> bool:
    # Whoever is led elsewhere has purged nothing.
    return 200 <= response.status_code < 300


def _json(response: requests.Response) -> dict[str, Any]:
    """Return the object that a service answers with, or an empty one for anything else."""
    try:
        said = response.json()
    except ValueError:
        said = None
    return said if isinstance(said, dict) else {}


def _errors(said: dict[str, Any]) -> str:
    """Return what Cloudflare says is wrong."""
    errors = said.get("errors")
    if not isinstance(errors, list):
        return ""
    messages = (str(error.get("message", "")) for error in errors if isinstance(error, dict))
    return ", ".join(messages)[:500]
