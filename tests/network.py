"""Keeps tests off the network: this machine and Unix sockets can be reached, nothing else.

A test that needs somebody else's server fails on the day that server does. The error is none of the kinds that code
expects of a network, so that nothing swallows it.
"""

import ipaddress
import sys
from typing import Any

NAMES_OF_THIS_MACHINE = {"", "localhost"}


class NetworkBlockedError(RuntimeError):
    """A test tried to reach another machine."""

    def __init__(self, address: object) -> None:
        """Name the address."""
        super().__init__(
            f"A test tried to reach {address}: tests stay on this machine, so give it a stand-in."
        )


def is_this_machine(host: object) -> bool:
    """Return whether `host`, a name or an IP address, is this machine."""
    text = host.decode() if isinstance(host, bytes) else str(host or "")
    if text in NAMES_OF_THIS_MACHINE:
        return True
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def block(*exceptions: str) -> None:
    """Block other machines for the rest of this process, whichever library tries, but for those named."""

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in {"socket.connect", "socket.sendto"}:
            address = arguments[1]
        elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
            address = arguments[:2]
        else:
            return
        # The address of a Unix socket is a path; those of the internet are tuples with the host in front.
        if (
            not isinstance(address, tuple)
            or address[0] in exceptions
            or is_this_machine(address[0])
        ):
            return
        raise NetworkBlockedError(":".join(str(part) for part in address[:2] if part))

    sys.addaudithook(watch)
