"""Keeps tests off the network: this machine and Unix sockets can be reached, nothing else, and no transaction waits.

A test that needs somebody else's server fails on the day that server does. The error is none of the kinds that code
expects of a network, so that nothing swallows it.
"""

import ipaddress
import sys
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

NAMES_OF_THIS_MACHINE = {"", "localhost"}


class NetworkBlockedError(RuntimeError):
    """A test tried to reach another machine."""

    def __init__(self, address: object) -> None:
        """Name the address."""
        super().__init__(
            f"A test tried to reach {address}: tests stay on this machine, so give it a stand-in."
        )


class WaitsInTransactionError(RuntimeError):
    """A server was asked for something while a transaction, and so everybody else who writes, waits for its answer."""

    def __init__(self, address: object) -> None:
        """Name the address."""
        super().__init__(
            f"{address} is waited for in a transaction: do so before, in `paused`, or once it is committed."
        )


waited: list[WaitsInTransactionError] = []
"""What waited in a transaction since this was emptied, in case that whoever asked has taken the error for a failure."""


def refuse_in_transaction(address: object) -> None:
    """Raise `WaitsInTransactionError` if this thread is in a transaction that is none of a test's own."""
    # What asks for the connection would make one, in threads that have none.
    connection = getattr(connections._connections, DEFAULT_DB_ALIAS, None)  # type: ignore[attr-defined]
    if connection is None or not connection.in_atomic_block:
        return
    blocks = connection.atomic_blocks
    if blocks and all(getattr(block, "_from_testcase", False) for block in blocks):
        return
    waited.append(WaitsInTransactionError(address))
    raise waited[-1]


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
    """Block other machines for the rest of this process, whichever library tries, but for those named.

    In a transaction this machine is blocked, too. The driver of the database opens its sockets by itself, unseen here.
    """

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "http.client.send":
            # A connection that is kept is not opened again.
            refuse_in_transaction(arguments[0].host)
            return
        if event in {"socket.connect", "socket.sendto"}:
            address = arguments[1]
            if isinstance(address, tuple):
                refuse_in_transaction(address[0])
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
