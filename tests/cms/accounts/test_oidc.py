"""Signing in with a provider of accounts, a real one on this machine, and out when it knows somebody no more."""

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

from .providers import Provider

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(browser: Client, provider: Provider, next_url: str = "/admin/") -> Any:
    """Go to the provider, agree there, and come back."""
    there = browser.get(reverse("openid_connect_login", args=["sso"]), {"next": next_url})
    parts = urlsplit(provider.agree(there.headers["Location"]))
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


@pytest.mark.once
def test_the_login_leads_there_and_back(client: Client, provider: Provider) -> None:
    page = client.get(reverse("wagtailadmin_login"), {"next": "/admin/reports/"})
    assert "Sign in with Example" in page.content.decode()
    assert sign_in(client, provider, "/admin/account/").headers["Location"] == "/admin/account/"
    user = User.objects.get(username="ines")
    assert (user.first_name, user.last_name, user.email) == ("Ines", "Ito", "ines@example.org")
    assert [group.name for group in user.groups.all()] == ["Editors"]
    assert not user.has_usable_password()
    assert is_in(client)


def test_groups_are_those_of_the_provider(provider: Provider) -> None:
    sign_in(Client(), provider)
    user = User.objects.get(username="ines")
    provider.say(groups=["cms-admins"])
    sign_in(Client(), provider)
    user.refresh_from_db()
    assert user.is_superuser
    assert not user.groups.exists()
    provider.say()
    sign_in(Client(), provider)
    user.refresh_from_db()
    assert not user.is_superuser


@pytest.mark.once
def test_whoever_has_no_group_is_turned_away(client: Client, provider: Provider) -> None:
    provider.say(groups=["canteen"])
    assert sign_in(client, provider).headers["Location"] == reverse("wagtailadmin_login")
    assert not User.objects.filter(username="ines").exists()
    assert "may not use the CMS" in client.get(reverse("wagtailadmin_login")).content.decode()


@pytest.mark.parametrize("verified", [True, False])
def test_an_account_is_known_again_by_a_verified_address_alone(
    provider: Provider, verified: bool
) -> None:
    here = UserFactory(username="local", email="Ines@example.org")
    provider.say(email_verified=verified)
    browser = Client()
    sign_in(browser, provider)
    assert (browser.session["_auth_user_id"] == str(here.pk)) is verified


def test_whoever_is_disabled_there_is_out_within_minutes(
    client: Client, provider: Provider
) -> None:
    sign_in(client, provider)
    later(timedelta(minutes=2))
    call_command("confirm_sessions")
    assert is_in(client)
    provider.disable()
    later(timedelta(minutes=2))
    call_command("confirm_sessions")
    assert not is_in(client)


def test_whoever_loses_the_group_is_out_too(client: Client, provider: Provider) -> None:
    sign_in(client, provider)
    provider.say(groups=[])
    later(timedelta(minutes=2))
    call_command("confirm_sessions")
    assert not is_in(client)


def test_a_session_that_nobody_confirms_ends(client: Client, provider: Provider) -> None:
    sign_in(client, provider)
    later(HOLDS - timedelta(seconds=30))
    assert is_in(client)
    later(timedelta(seconds=31))
    assert not is_in(client)


def test_a_provider_that_does_not_answer_ends_nothing_at_once(
    client: Client, provider: Provider, settings: Any
) -> None:
    sign_in(client, provider)
    later(timedelta(minutes=2))
    settings.OIDC = {**settings.OIDC, "issuer": "http://localhost:9"}
    with pytest.raises(requests.ConnectionError):
        call_command("confirm_sessions")
    assert is_in(client)


@pytest.mark.once
def test_tokens_are_unreadable_in_the_database(client: Client, provider: Provider) -> None:
    sign_in(client, provider)
    assert ProviderSession.objects.get().refresh_token.startswith("gAAAA")


@pytest.mark.once
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
