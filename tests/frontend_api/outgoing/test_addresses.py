"""Only addresses of the public internet are public, whatever they are wrapped in."""

import ipaddress
import socket
import threading
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from frontend_api.outgoing import addresses
from frontend_api.outgoing.addresses import NotPublic, is_public, public_addresses

pytestmark = pytest.mark.once

# Of the registries of special addresses: what leads to this machine, its network, or a provider's own services.
NOT_PUBLIC = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/128",
    "::1/128",
    "::/96",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:2::/48",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fd00:ec2::254/128",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "172.32.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::1",
]


@pytest.mark.parametrize("network", NOT_PUBLIC)
def test_nothing_in_a_special_network_is_public(network: str) -> None:
    found = ipaddress.ip_network(network)
    for address in (found[0], found[-1], found[found.num_addresses // 2]):
        assert not is_public(address), address


@pytest.mark.parametrize("address", PUBLIC)
def test_the_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
@example(ipaddress.IPv4Address("169.254.169.254"))
@example(ipaddress.IPv4Address("8.8.8.8"))
def test_no_ipv4_address_gets_by_within_an_ipv6_one(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for wrapped in (
        number,
        0xFFFF << 32 | number,
        0x0064FF9B << 96 | number,
        0x0064FF9B0001 << 80 | number,
        0x2002 << 112 | number << 80,
        0x20010000 << 96 | (number ^ 0xFFFFFFFF),
    ):
        assert not is_public(ipaddress.IPv6Address(wrapped))


@given(st.ip_addresses())
def test_what_is_public_is_global(address: Any) -> None:
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_loopback
        assert not address.is_private
        assert not address.is_link_local


def answering(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    """Have the resolver answer with addresses."""
    monkeypatch.setattr(addresses, "resolve", lambda host, port: [*found])


@given(st.lists(st.ip_addresses(), max_size=4))
def test_one_address_that_is_not_public_is_one_too_many(found: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        answering(patch, *map(str, found))
        try:
            given_back = public_addresses("example.org", 443, 5)
        except NotPublic:
            assert not found or not all(map(is_public, found))
        else:
            assert set(given_back) == set(map(str, found))
            assert all(map(is_public, found))


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "::1", "[", "", "a" * 300],
)
def test_names_of_this_machine_in_any_spelling_are_refused(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(host: str, port: int) -> list[str]:
        # As the system's resolver reads numbers.
        if host in {"localhost", "::1"}:
            return [host.replace("localhost", "127.0.0.1")]
        return [socket.inet_ntoa(socket.inet_aton(host))]

    monkeypatch.setattr(addresses, "resolve", resolve)
    with pytest.raises(NotPublic):
        public_addresses(host, 80, 5)


def test_a_resolver_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = threading.Event()

    def silent(host: str, port: int) -> list[str]:
        goes_on.wait(30)
        return ["8.8.8.8"]

    monkeypatch.setattr(addresses, "resolve", silent)
    try:
        with pytest.raises(NotPublic):
            public_addresses("example.org", 443, 0.05)
    finally:
        goes_on.set()


def test_an_unknown_name_is_not_public(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror("Name or service not known")

    monkeypatch.setattr(addresses, "resolve", unknown)
    with pytest.raises(NotPublic):
        public_addresses("nowhere.example", 443, 5)
