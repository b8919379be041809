"""What is kept of a client's address: its network by default, or all of it, or nothing."""

from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest

WHOLE, NETWORK, NONE = "whole", "network", "none"
# What a provider gives a household or an office: enough to see that somebody is elsewhere, and no person.
BITS = {4: 24, 6: 48}


def address_of(request: HttpRequest) -> str:
    """Return what is kept of where a request came from, as the setting `AUDIT_ADDRESSES` says: `192.0.2.0/24`."""
    try:
        # Behind proxies, as `TRUSTED_PROXIES` says.
        address = ip_address(get_adapter().known_client_ip(request).strip())
    except ValueError:
        # A server that listens on a socket of Unix gives none, and who sends too few in a header no true one.
        return ""
    if settings.AUDIT_ADDRESSES == NONE:
        return ""
    if settings.AUDIT_ADDRESSES == WHOLE:
        return str(address)
    return str(ip_network((address, BITS[address.version]), strict=False))
