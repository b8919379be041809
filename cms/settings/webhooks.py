"""Who the environment says is told of changes, besides those that administrators add."""

import re
from typing import Any
from urllib.parse import urlsplit

from .environment import env, required, stop


def webhooks() -> dict[str, dict[str, Any]]:
    """Return the setting `FRONTEND_API["WEBHOOKS"]`: signed events for some addresses, and build hooks."""
    found: dict[str, dict[str, Any]] = {}
    if events := _addresses("WEBHOOK_URLS"):
        secret = required(
            "WEBHOOK_SECRET", "what signs webhooks", "whsec_ and 32 random bytes in Base64"
        )
        for address in events:
            found[_name(address, found)] = {"ADDRESS": address, "SECRET": secret}
    for address in _addresses("BUILD_HOOK_URLS"):
        found[_name(address, found)] = {"ADDRESS": address, "FORM": "build"}
    return found


def webhook_hosts() -> tuple[str, ...]:
    """Return the hosts of one's own network that webhooks may go to."""
    hosts = tuple(
        host for part in env.str("WEBHOOK_HOSTS", default="").split(",") if (host := part.strip())
    )
    for host in hosts:
        if not re.fullmatch(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?|[0-9a-f:]+", host):
            stop(
                f"WEBHOOK_HOSTS has {host!r}; set it to names of hosts in small letters, comma-separated and without "
                "ports, such as builder,search."
            )
    return hosts


def _addresses(name: str) -> list[str]:
    addresses = [text for part in env.str(name, default="").split(",") if (text := part.strip())]
    for text in addresses:
        try:
            is_address = bool(urlsplit(text).hostname)
        except ValueError:
            is_address = False
        if not is_address or not text.startswith(("https://", "http://")):
            # What follows the host may be as good as a password.
            stop(
                f"{name} cannot be used; set it to addresses that begin with https://, comma-separated."
            )
    return addresses


def _name(address: str, taken: dict[str, Any]) -> str:
    """Return what a recipient is called: its host, and a number where it has several addresses."""
    host = urlsplit(address).hostname or ""
    names = [host[:90], *(f"{host[:90]} {number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)
