"""A provider of accounts that this service is set up for."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.provider import running_provider

from .providers import Provider


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a provider, which runs once for all tests of a process."""
    with running_provider() as address:
        yield address


@pytest.fixture
def provider(settings: Any, address: str) -> Provider:
    """The provider, which this service is set up for."""
    settings.OIDC = {
        "issuer": address,
        "client_id": "cms",
        "secret": "secret",
        "name": "Example",
        "scopes": ["openid", "profile", "email"],
        "claim": "groups",
        "groups": {"cms-editors": "Editors", "cms-admins": "superuser"},
    }
    app = {"provider_id": "sso", "name": "Example", "client_id": "cms", "secret": "secret"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "SCOPE": settings.OIDC["scopes"],
            "APPS": [{**app, "settings": {"server_url": address}}],
        }
    }
    return Provider(address)
