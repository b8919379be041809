"""Signing in: limits, second factors, and what is asked of whom."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "password"


def attempt(browser: Client, username: str, password: str = PASSWORD, **headers: Any) -> Any:
    """Send the form of the login."""
    data = {"username": username, "password": password}
    return browser.post(reverse("wagtailadmin_login"), data, **headers)


def code_of(secret: str) -> str:
    """Return what an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def is_signed_in(browser: Client) -> bool:
    """Return whether the browser has the session of somebody."""
    return "_auth_user_id" in browser.session


@pytest.fixture
def person() -> Any:
    """An editor."""
    return UserFactory(username="edith", groups=["Editors"], email="edith@example.org")


@pytest.fixture
def secret(person: Any) -> str:
    """The secret of the person's authenticator app."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


@pytest.mark.once
def test_a_password_is_enough_without_a_second_factor(client: Client, person: Any) -> None:
    assert attempt(client, "edith").headers["Location"] == reverse("wagtailadmin_home")
    assert is_signed_in(client)
    assert client.get(reverse("wagtailadmin_home")).status_code == 200


@pytest.mark.once
def test_a_known_and_an_unknown_account_get_the_same_answer(client: Client, person: Any) -> None:
    known, unknown = attempt(client, "edith", "wrong"), attempt(client, "nobody", "wrong")
    for response in (known, unknown):
        assert response.status_code == 200
    errors = [response.context["form"].errors for response in (known, unknown)]
    assert errors[0] == errors[1]


@pytest.mark.parametrize("name", ["edith", "nobody"])
def test_an_account_is_tried_so_many_times_from_wherever(
    settings: Any, client: Client, person: Any, name: str
) -> None:
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "account": (3, 900)}
    for number in range(3):
        attempt(Client(REMOTE_ADDR=f"192.0.2.{number}"), name, "wrong")
    response = attempt(client, name)
    assert "too many attempts" in response.content.decode()
    assert not is_signed_in(client)


def test_an_address_tries_so_many_times_whatever_the_account(
    settings: Any, client: Client, person: Any
) -> None:
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "address": (3, 900)}
    for number in range(3):
        attempt(client, f"nobody{number}", "wrong")
    assert "too many attempts" in attempt(client, "edith").content.decode()
    assert attempt(Client(REMOTE_ADDR="192.0.2.7"), "edith").status_code == 302


def test_who_signs_in_often_is_not_stopped(settings: Any, person: Any) -> None:
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "account": (2, 900), "address": (2, 900)}
    for _ in range(4):
        assert attempt(Client(), "edith").status_code == 302


@pytest.mark.once
def test_a_browser_cannot_say_where_it_is(settings: Any, client: Client, person: Any) -> None:
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "address": (1, 900)}
    attempt(client, "nobody", "wrong", HTTP_X_FORWARDED_FOR="192.0.2.1")
    refused = attempt(client, "edith", HTTP_X_FORWARDED_FOR="192.0.2.2")
    assert "too many attempts" in refused.content.decode()


@pytest.mark.once
def test_a_proxy_of_ones_own_says_where_the_browser_is(
    settings: Any, client: Client, person: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "address": (1, 900)}
    attempt(client, "nobody", "wrong", HTTP_X_FORWARDED_FOR="1.1.1.1, 192.0.2.1")
    # What the browser itself puts in front counts for nothing.
    forged = attempt(client, "edith", HTTP_X_FORWARDED_FOR="2.2.2.2, 192.0.2.1")
    assert "too many attempts" in forged.content.decode()
    assert attempt(client, "edith", HTTP_X_FORWARDED_FOR="192.0.2.2").status_code == 302


@pytest.mark.once
@pytest.mark.parametrize("address", ["192.0.2.1", ""])
def test_a_request_that_went_past_the_proxies_is_answered(
    settings: Any, client: Client, person: Any, address: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    headers = {"HTTP_X_FORWARDED_FOR": "192.0.2.2", "REMOTE_ADDR": address}
    assert attempt(client, "edith", **headers).status_code == 302


def test_whoever_has_a_second_factor_is_not_signed_in_without_it(
    client: Client, person: Any, secret: str
) -> None:
    assert attempt(client, "edith").headers["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    assert client.get(reverse("wagtailadmin_home")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert not is_signed_in(client)
    right = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert right.headers["Location"] == reverse("wagtailadmin_home")
    assert is_signed_in(client)


def test_a_code_is_tried_so_many_times(client: Client, person: Any, secret: str) -> None:
    for _ in range(5):
        attempt(client, "edith")
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    response = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert "too many attempts" in response.content.decode()
    assert not is_signed_in(client)


def test_a_recovery_code_works_once(person: Any, secret: str) -> None:
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    for expected in (True, False):
        browser = Client()
        attempt(browser, "edith")
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(browser) is expected


@pytest.mark.once
def test_secrets_are_unreadable_in_the_database(person: Any, secret: str) -> None:
    assert secret not in str(Authenticator.objects.get(user=person).data)


@pytest.mark.once
def test_a_remembered_session_outlives_the_browser(person: Any) -> None:
    for remember, expected in (("on", False), ("", True)):
        browser = Client()
        data = {"username": "edith", "password": PASSWORD, "remember": remember}
        browser.post(reverse("wagtailadmin_login"), data)
        assert browser.session.get_expire_at_browser_close() is expected


@pytest.mark.once
def test_the_dialog_leads_to_the_second_step(client: Client, person: Any, secret: str) -> None:
    data = {"username": "edith", "password": PASSWORD}
    response = client.post(reverse("editor_log_in_again"), data)
    assert reverse("mfa_authenticate") in response.content.decode()
    assert client.get(reverse("editor_session")).json()["user"] is None
    last = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert last.headers["Location"] == reverse("editor_signed_in")
    assert client.get(reverse("editor_session")).json()["user"] == str(person.pk)
    assert client.get(reverse("editor_signed_in")).status_code == 200
