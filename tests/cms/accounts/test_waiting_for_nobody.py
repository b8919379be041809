"""Nothing that takes long is done in a transaction, for whose end others would wait: no hashing, and no provider."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from cms.models import User
from tests.cms.admin import ACCOUNT
from tests.factories import UserFactory

from .providers import Provider
from .test_signing_in import PASSWORD, attempt

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

NEW = "a new and long password"
done: list[bool] = []
"""For each time that something took long, whether it was within a transaction."""


class Watched(MD5PasswordHasher):
    """Hashes, and notes whether a transaction waits for that."""

    def encode(self, password: str, salt: str) -> str:
        """Hash a password."""
        done.append(connection.in_atomic_block)
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def watched(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Watch hashing, and requests to others; expect some of it, and all outside of transactions."""
    UserFactory(username="edith", groups=["Editors"], email="edith@example.org")
    UserFactory(username="ada", is_superuser=True)
    send = requests.Session.send

    def sent(session: requests.Session, *args: Any, **kwargs: Any) -> requests.Response:
        done.append(connection.in_atomic_block)
        return send(session, *args, **kwargs)

    monkeypatch.setattr(requests.Session, "send", sent)
    settings.PASSWORD_HASHERS = [f"{__name__}.Watched"]
    done.clear()
    yield
    assert done
    assert not any(done)


@pytest.fixture
def browser(client: Client) -> Client:
    """A browser in which the editor has signed in."""
    attempt(client, "edith")
    return client


@pytest.mark.parametrize("name", ["wagtailadmin_login", "editor_log_in_again"])
@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_signing_in(client: Client, name: str, password: str) -> None:
    client.post(reverse(name), {"username": "edith", "password": password})


def test_the_password_again(browser: Client) -> None:
    wrong, right = (
        browser.post(reverse("account_reauthenticate"), {"password": text})
        for text in ("wrong", PASSWORD)
    )
    assert (wrong.status_code, right.status_code) == (200, 302)


def test_another_password(browser: Client) -> None:
    form = {
        **ACCOUNT,
        "password-old_password": PASSWORD,
        "password-new_password1": NEW,
        "password-new_password2": NEW,
    }
    wrong = browser.post(
        reverse("wagtailadmin_account"), {**form, "password-old_password": "wrong"}
    )
    assert wrong.status_code == 200
    assert browser.post(reverse("wagtailadmin_account"), form).status_code == 302
    # Whoever changes it stays signed in.
    assert browser.get("/admin/").status_code == 200
    user = User.objects.get(username="edith")
    assert user.check_password(NEW)
    assert user.last_name == "Torres"


def test_a_password_that_an_administrator_sets(client: Client) -> None:
    attempt(client, "ada")
    form = {"username": "noor", "email": "noor@example.org", "first_name": "N", "last_name": "M"}
    new = {**form, "password1": NEW, "password2": NEW}
    assert client.post(reverse("wagtailusers_users:add"), new).status_code == 302
    user = User.objects.get(username="noor")
    assert user.check_password(NEW)
    address = reverse("wagtailusers_users:edit", args=[user.pk])
    # A form with a mistake saves nothing, and one without a password keeps the one before.
    assert client.post(address, {**new, "email": "no address"}).status_code == 200
    assert client.post(address, {**form, "is_active": "on"}).status_code == 302
    other = {**form, "is_active": "on", "password1": f"{NEW} too", "password2": f"{NEW} too"}
    assert client.post(address, other).status_code == 302
    user.refresh_from_db()
    assert user.check_password(f"{NEW} too")


def test_a_forgotten_password(client: Client) -> None:
    user = User.objects.get(username="edith")
    key, token = (
        urlsafe_base64_encode(force_bytes(user.pk)),
        default_token_generator.make_token(user),
    )
    page = client.get(
        reverse("wagtailadmin_password_reset_confirm", args=[key, token]), follow=True
    )
    form = {"new_password1": NEW, "new_password2": NEW}
    assert client.post(page.request["PATH_INFO"], form).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_provider(client: Client, provider: Provider, method: str) -> None:
    there = getattr(client, method)(reverse("openid_connect_login", args=["sso"]))
    back = urlsplit(provider.agree(there.headers["Location"]))
    done.clear()
    getattr(client, method)(f"{back.path}?{back.query}")
    assert User.objects.filter(username="ines").exists()
