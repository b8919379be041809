"""The shared caches in front that the environment names, to be purged of what has changed."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from frontend_api.outgoing.tag_request import (
    InvalidTagRequest,
    check_body,
    check_headers,
    check_method,
)

from .environment import env, required, stop

BACKENDS = "frontend_api.caching.cdn.backends"


def purged_caches() -> dict[str, dict[str, Any]]:
    """Return the setting `WAGTAILFRONTENDCACHE` for Cloudflare and for caches that are purged by plain HTTP."""
    caches = {address: _http(address) for address in _addresses("PURGE_URLS")}
    if zone := env.str("CLOUDFLARE_ZONE", default="").strip():
        if not re.fullmatch(r"[0-9a-f]{32}", zone):
            stop(
                f"CLOUDFLARE_ZONE is {zone!r}; set it to the 32 letters and digits of a zone's ID."
            )
        caches["Cloudflare"] = {
            "BACKEND": f"{BACKENDS}.CloudflareTagBackend",
            "ZONEID": zone,
            "BEARER_TOKEN": required(
                "CLOUDFLARE_TOKEN", "an API token that may purge the zone's cache", "its 40 letters"
            ),
        }
    return caches


def _http(address: str) -> dict[str, Any]:
    """Return the settings of one cache; what cannot be in a request to it stops the start."""
    method, body = _as_it_stands("PURGE_METHOD"), _as_it_stands("PURGE_BODY")
    token = _as_it_stands("PURGE_TOKEN")
    cache: dict[str, Any] = {"BACKEND": f"{BACKENDS}.HttpTagBackend", "LOCATION": address}
    if method or body:
        # Whoever reads a body wants it posted, unless another method is named.
        cache["METHOD"] = method.upper() or "POST"
        _refuse_invalid("PURGE_METHOD", lambda: check_method(cache["METHOD"]))
    if body:
        cache["BODY"] = body
        _refuse_invalid("PURGE_BODY", lambda: check_body(cache["METHOD"], body))
    if token:
        cache["HEADERS"] = {"Authorization": f"Bearer {token}"}
        _refuse_invalid("PURGE_TOKEN", lambda: check_headers(cache["HEADERS"]))
    return cache


def _as_it_stands(name: str) -> str:
    """Return the variable `name`: django-environ takes a value that begins with $ for the name of another one."""
    return str(env.ENVIRON.get(name, "")).strip()


def _refuse_invalid(name: str, check: Callable[[], None]) -> None:
    try:
        check()
    except InvalidTagRequest as error:
        stop(f"{name} cannot be used. {error}")


def _addresses(name: str) -> list[str]:
    """Return the addresses that the variable `name` holds, comma-separated, or none."""
    addresses = [text for part in env.str(name, default="").split(",") if (text := part.strip())]
    for text in addresses:
        if not _is_address(text):
            # A password in it is not repeated.
            stop(
                f"{name} cannot be used; set it to addresses with no user, query or fragment, comma-separated, "
                "such as http://varnish:6081/."
            )
    return addresses


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        # Asking for the port finds one that is none.
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    is_plain = parts.username is None and not (parts.query or parts.fragment)
    return parts.scheme in {"http", "https"} and is_whole and is_plain and len(text) <= 255
