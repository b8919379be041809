"""Who has to have a second factor, and what they may do before they have."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

from .test_signing_in import attempt, code_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    """Require a second factor of those who may publish, and of administrators."""
    settings.SECOND_FACTOR_FOR = ["moderators", "administrators"]


def signed_in(**who: Any) -> Client:
    """Return a browser in which somebody gave their password."""
    user = UserFactory(**who)
    browser = Client()
    attempt(browser, user.username)
    return browser


@pytest.mark.parametrize("who", [{"groups": ["Moderators"]}, {"is_superuser": True}])
@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/admin/pages/",
        "/admin/account/",
        "/admin/login/sessions/",
        "/admin/login/second-factor/recovery-codes/",
        "/admin/api/main/pages/",
        "/documents/1/a.pdf",
    ],
)
def test_nothing_comes_before_it(who: dict[str, Any], address: str) -> None:
    response = signed_in(**who).get(address)
    assert response.headers.get("Location") == reverse("mfa_index")


def test_what_is_saved_in_the_background_is_refused() -> None:
    browser = signed_in(groups=["Moderators"])
    response = browser.post("/admin/pages/2/edit/", {}, HTTP_ACCEPT="application/json")
    assert response.status_code == 403
    assert set(response.json()) == {"success", "error_code", "error_message"}
    assert browser.post("/admin/pages/2/edit/").headers["Location"] == reverse("mfa_index")


def test_an_editor_needs_none_unless_that_is_said(settings: Any) -> None:
    browser = signed_in(groups=["Editors"])
    assert browser.get("/admin/").status_code == 200
    settings.SECOND_FACTOR_FOR = ["editors"]
    assert browser.get("/admin/").status_code == 302


def test_the_api_knows_nobody() -> None:
    assert signed_in(is_superuser=True).get("/api/v2/pages/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_whoever_sets_one_up_goes_on_and_keeps_it() -> None:
    browser = signed_in(username="ada", is_superuser=True)
    assert browser.get(reverse("mfa_index")).status_code == 200
    address = reverse("mfa_activate_totp")
    secret = browser.get(address).context["form"].secret
    done = browser.post(address, {"code": code_of(secret)})
    assert done.status_code == 302, done.context["form"].errors
    codes = browser.get(done.headers["Location"])
    assert len(codes.context["unused_codes"]) == 10
    assert browser.get("/admin/").status_code == 200
    # Taking the last one away would be the end of it.
    app = Authenticator.objects.get(user__username="ada", type="totp")
    browser.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_a_session_from_before_has_to_show_it() -> None:
    browser = signed_in(username="ada", is_superuser=True)
    other = Client()
    attempt(other, "ada")
    address = reverse("mfa_activate_totp")
    secret = browser.get(address).context["form"].secret
    browser.post(address, {"code": code_of(secret)})
    led = other.get("/admin/reports/site-history/")
    assert led.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert other.get(led.headers["Location"]).status_code == 200
    # Nor can it replace the second factor by one of its own.
    assert other.get(reverse("mfa_view_recovery_codes")).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_the_dialog_lets_nobody_go_on_without_it() -> None:
    UserFactory(username="mo", groups=["Moderators"])
    browser = Client()
    form = {"username": "mo", "password": "password"}
    answer = browser.post(reverse("editor_log_in_again"), form)
    assert reverse("mfa_index") in answer.content.decode()
    assert browser.get(reverse("editor_session")).json()["user"] is None
    address = reverse("mfa_activate_totp")
    secret = browser.get(address).context["form"].secret
    browser.post(address, {"code": code_of(secret)})
    assert browser.get(reverse("editor_session")).json()["username"] == "mo"
