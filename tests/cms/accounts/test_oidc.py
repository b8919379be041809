"""Signing in with a provider of accounts, a real one on this machine, and out when it knows somebody no more."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cms.accounts.models import ProviderSession
from cms.accounts.oidc import HOLDS
from cms.models import User
from tests.factories import UserFactory
from tests.provider import running_provider

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

CLAIMS = {
    "preferred_username": "ines",
    "given_name": "Ines",
    "family_name": "Ito",
    "email": "ines@example.org",
    "email_verified": True,
    "groups": ["cms-editors", "canteen"],
}


class Provider:
    """What an administrator does at the provider."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.say()

    def say(self, **claims: Any) -> None:
        """Change what is known of Ines."""
        requests.put(f"{self.address}/users/ines", json=CLAIMS | claims, timeout=5)

    def disable(self) -> None:
        """End her account."""
        requests.post(f"{self.address}/users/ines/revoke-tokens", timeout=5)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
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


def sign_in(browser: Client, next_url: str = "/admin/") -> Any:
    """Go to the provider, agree there, and come back."""
    there = browser.get(reverse("openid_connect_login", args=["sso"]), {"next": next_url})
    back = requests.post(
        there.headers["Location"], {"sub": "ines"}, allow_redirects=False, timeout=5
    )
    parts = urlsplit(back.headers["Location"])
    return browser.get(f"{parts.path}?{parts.query}")


def later(duration: timedelta) -> None:
    """Let time pass for whom the provider vouches for."""
    for session in ProviderSession.objects.all():
        session.confirmed_at -= duration
        session.asked_at -= duration
        session.save()


def is_in(browser: Client) -> bool:
    """Return whether the admin opens."""
    return browser.get("/admin/").status_code == 200


def test_the_login_leads_there_and_back(client: Client, provider: Provider) -> None:
    page = client.get(reverse("wagtailadmin_login"), {"next": "/admin/reports/"})
    assert "Sign in with Example" in page.content.decode()
    assert sign_in(client, "/admin/account/").headers["Location"] == "/admin/account/"
    user = User.objects.get(username="ines")
    assert (user.first_name, user.last_name, user.email) == ("Ines", "Ito", "ines@example.org")
    assert [group.name for group in user.groups.all()] == ["Editors"]
    assert not user.has_usable_password()
    assert is_in(client)


def test_groups_are_those_of_the_provider(provider: Provider) -> None:
    sign_in(Client())
    user = User.objects.get(username="ines")
    provider.say(groups=["cms-admins"])
    sign_in(Client())
    user.refresh_from_db()
    assert user.is_superuser
    assert not user.groups.exists()
    provider.say()
    sign_in(Client())
    user.refresh_from_db()
    assert not user.is_superuser


def test_whoever_has_no_group_is_turned_away(client: Client, provider: Provider) -> None:
    provider.say(groups=["canteen"])
    assert sign_in(client).headers["Location"] == reverse("wagtailadmin_login")
    assert not User.objects.filter(username="ines").exists()
    assert "may not use the CMS" in client.get(reverse("wagtailadmin_login")).content.decode()


@pytest.mark.parametrize("verified", [True, False])
def test_an_account_is_known_again_by_a_verified_address_alone(
    provider: Provider, verified: bool
) -> None:
    here = UserFactory(username="local", email="Ines@example.org")
    provider.say(email_verified=verified)
    browser = Client()
    sign_in(browser)
    assert (browser.session["_auth_user_id"] == str(here.pk)) is verified


def test_whoever_is_disabled_there_is_out_within_minutes(
    client: Client, provider: Provider
) -> None:
    sign_in(client)
    later(timedelta(minutes=2))
    call_command("confirm_sessions")
    assert is_in(client)
    provider.disable()
    later(timedelta(minutes=2))
    call_command("confirm_sessions")
    assert not is_in(client)


def test_whoever_loses_the_group_is_out_too(client: Client, provider: Provider) -> None:
    sign_in(client)
    provider.say(groups=[])
    later(timedelta(minutes=2))
    call_command("confirm_sessions")
    assert not is_in(client)


def test_a_session_that_nobody_confirms_ends(client: Client, provider: Provider) -> None:
    sign_in(client)
    later(HOLDS - timedelta(seconds=30))
    assert is_in(client)
    later(timedelta(seconds=31))
    assert not is_in(client)


def test_a_provider_that_does_not_answer_ends_nothing_at_once(
    client: Client, provider: Provider, settings: Any
) -> None:
    sign_in(client)
    later(timedelta(minutes=2))
    settings.OIDC = {**settings.OIDC, "issuer": "http://localhost:9"}
    with pytest.raises(requests.ConnectionError):
        call_command("confirm_sessions")
    assert is_in(client)


def test_tokens_are_unreadable_in_the_database(client: Client, provider: Provider) -> None:
    sign_in(client)
    assert ProviderSession.objects.get().refresh_token.startswith("gAAAA")


def test_without_passwords_only_the_provider_and_a_link_let_in(
    client: Client, provider: Provider, settings: Any, capsys: Any
) -> None:
    settings.LOCAL_PASSWORDS = False
    settings.WAGTAIL_PASSWORD_RESET_ENABLED = False
    user = UserFactory(username="ada", is_superuser=True)
    page = client.get(reverse("wagtailadmin_login")).content.decode()
    assert 'name="password"' not in page
    form = {"username": "ada", "password": "password"}
    for name in ("wagtailadmin_login", "editor_log_in_again"):
        assert client.post(reverse(name), form).status_code == 403
    assert (
        client.post(reverse("wagtailadmin_password_reset"), {"email": user.email}).status_code
        == 404
    )
    call_command("let_in", "ada")
    link = urlsplit(capsys.readouterr().out.split()[-1]).path
    assert client.get(link).headers["Location"] == "/admin/"
    assert is_in(client)
    again = Client()
    again.get(link)
    assert not is_in(again)
