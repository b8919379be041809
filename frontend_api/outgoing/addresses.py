"""Tells public addresses of the internet from all others, so that nobody sends this service to its own network.

A name is resolved once, and the caller connects to what was checked: a name that is asked again may say something else.
"""

import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswerInTime

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Beyond what `ipaddress` calls not global, which depends on the version of Python.
_NEVER_IPV4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",
            # Azure's servers for its virtual machines, though the address looks public.
            "168.63.129.16/32",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "224.0.0.0/3",
        ),
    )
)
# All unicast of the internet; what maps, translates or tunnels IPv4 (::ffff:0:0/96, 64:ff9b::/96) is outside, or below.
_UNICAST_IPV6 = ipaddress.IPv6Network("2000::/3")
_NEVER_IPV6 = tuple(
    map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
)

# A resolver may take longer than anybody waits, and cannot be stopped.
_resolvers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolver")


class NotPublic(Exception):
    """A host that has no address, or one that is not public."""


def is_public(address: Address) -> bool:
    """Return whether an address is one of the public internet, and no other: fail closed."""
    if isinstance(address, ipaddress.IPv6Address):
        return (
            address.scope_id is None
            and address in _UNICAST_IPV6
            and address.is_global
            and not any(address in network for network in _NEVER_IPV6)
        )
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _NEVER_IPV4)
    )


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses that the system's resolver knows of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_kind, address in found]


def public_addresses(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses of a host; raises `NotPublic` if one of them is not public, or nobody knows in time."""
    addresses = any_addresses(host, port, seconds)
    if not all(is_public(ipaddress.ip_address(address)) for address in addresses):
        raise NotPublic(f"{host!r} is not public.")
    return addresses


def any_addresses(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses of a host, public or not; raises `NotPublic` if it has none, or nobody knows in time."""
    try:
        names = _resolvers.submit(resolve, host, port).result(timeout=seconds)
        addresses = [str(ipaddress.ip_address(name)) for name in dict.fromkeys(names)]
    except (OSError, ValueError, NoAnswerInTime) as error:
        # A name that cannot be encoded is a ValueError, too.
        raise NotPublic(f"{host!r} is not known.") from error
    if not addresses:
        raise NotPublic(f"{host!r} is not known.")
    return addresses
