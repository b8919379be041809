"""Backends for caches that are purged by tag; Wagtail's own backends purge by address.

A custom backend is a class with a method `purge_tags(names)` that raises an error if it fails::

    class OurBackend(BaseBackend):
        def purge_tags(self, names: list[str]) -> None: ...
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import requests
from wagtail.contrib.frontend_cache.backends import BaseBackend, CloudflareBackend

from frontend_api.outgoing.tag_request import WITH_SPACES, TagRequest

# In seconds: to connect, and for each read of the response.
TIMEOUT = (3, 10)


class PurgeFailed(Exception):
    """A cache did not purge, or nothing can tell whether it did."""


class CloudflareTagBackend(CloudflareBackend):
    """Purges Cloudflare by the tags in `Cache-Tag`, which works with every plan.

    {"BACKEND": "frontend_api.caching.cdn.backends.CloudflareTagBackend", "ZONEID": "…", "BEARER_TOKEN": "…"}
    """

    # The limit for one call: https://developers.cloudflare.com/cache/how-to/purge-cache/
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
    """Purges whatever is purged by a plain HTTP request: Varnish, Fastly, a frontend.

    {"BACKEND": "frontend_api.caching.cdn.backends.HttpTagBackend", "LOCATION": "http://varnish:6081/",
     "METHOD": "PURGE", "HEADERS": {"Authorization": "Bearer …"}, "BODY": ""}

    The names are in the header `Surrogate-Key`, and where `BODY` says so; see `outgoing.tag_request`.
    """

    # Fastly's limit. The header is then shorter than 3 kB; Varnish accepts 8 kB.
    TAGS_A_CALL = 256

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.request = TagRequest(
            method=params.pop("METHOD", "PURGE").upper(),
            url=params.pop("LOCATION"),
            headers={**params.pop("HEADERS", {}), "Surrogate-Key": WITH_SPACES},
            body=params.pop("BODY", ""),
        )

    def purge_tags(self, names: list[str]) -> None:
        """Purge what has one of these names among its tags."""
        for part in _parts(names, self.TAGS_A_CALL):
            asked = self.request.about(part)
            response = requests.request(
                asked.method,
                asked.url,
                headers=asked.headers,
                data=asked.body,
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
    # A redirect has not purged anything.
    return 200 <= response.status_code < 300


def _json(response: requests.Response) -> dict[str, Any]:
    """Return the JSON object in a response, or an empty one if there is none."""
    try:
        said = response.json()
    except ValueError:
        said = None
    return said if isinstance(said, dict) else {}


def _errors(said: dict[str, Any]) -> str:
    """Return the error messages in a response of Cloudflare, at most 500 characters."""
    errors = said.get("errors")
    if not isinstance(errors, list):
        return ""
    messages = (str(error.get("message", "")) for error in errors if isinstance(error, dict))
    return ", ".join(messages)[:500]
