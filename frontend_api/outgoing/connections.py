"""Connections to addresses that somebody else named: to the public internet alone, for so long and so much.

httpcore is given `PublicInternet(limits)` as its `network_backend`. It connects to the very addresses that were
checked, whatever their name says a moment later, and TLS is still held to the name.
"""

import ssl
import time
from collections.abc import Collection, Iterable
from typing import Any

import httpcore

from .addresses import any_addresses, public_addresses

# Headers come on top of what is asked for.
_HEADERS = 128 * 1024


class TooMuch(Exception):
    """More comes than was asked for."""


def connect(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
    """Open a connection to an IP address."""
    return httpcore.SyncBackend().connect_tcp(address, port, timeout=timeout)


class Limits:
    """How much time and how many bytes are left; both are for one errand, whatever it is made of."""

    def __init__(self, deadline: float, most_bytes: int) -> None:
        """Begin; `deadline` is in the seconds of `time.monotonic()`."""
        self.deadline, self.most_bytes, self._read = deadline, most_bytes, 0

    def seconds(self) -> float:
        """Return how many seconds are left; raises `httpcore.ReadTimeout` when none is."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("The time is over.")
        return left

    def count(self, data: bytes) -> bytes:
        """Return what was read; raises `TooMuch` when it is too much in all."""
        self._read += len(data)
        if self._read > self.most_bytes + _HEADERS:
            raise TooMuch
        return data


class _Stream(httpcore.NetworkStream):
    """A connection that ends when the limits are reached, however slowly something comes."""

    def __init__(self, stream: httpcore.NetworkStream, limits: Limits) -> None:
        self._stream, self._limits = stream, limits

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._limits.count(self._stream.read(max_bytes, self._limits.seconds()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._limits.seconds())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._limits.seconds())
        return _Stream(secured, self._limits)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class PublicInternet(httpcore.NetworkBackend):
    """Connects to public addresses alone, and to the very ones that were checked.

    `inside` names hosts that may be anywhere, because the operator of this service says so.
    """

    def __init__(self, limits: Limits, inside: Collection[str] = ()) -> None:
        """Begin an errand."""
        self._limits, self._inside = limits, inside

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a host; raises `NotPublic` if it is not public."""
        known = any_addresses if host in self._inside else public_addresses
        addresses = known(host, port, self._limits.seconds())
        for address in addresses[:-1]:
            try:
                return self._connected(address, port, self._limits.seconds() / 2)
            except (httpcore.NetworkError, httpcore.TimeoutException):
                continue
        return self._connected(addresses[-1], port, self._limits.seconds())

    def _connected(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        return _Stream(connect(address, port, seconds), self._limits)
