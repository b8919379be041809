"""What the editor's scripts ask: whose session it is, and to log in again."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def strict() -> Client:
    """A browser that has to bring the token of its forms."""
    return Client(enforce_csrf_checks=True)


def log_in_again(client: Client, username: str, password: str) -> dict[str, str]:
    """Send the form of the dialog, and return what is said of the session."""
    address = reverse("editor_log_in_again")
    form = client.get(address)
    token = form.context["csrf_token"]
    data = {"username": username, "password": password, "csrfmiddlewaretoken": str(token)}
    response = client.post(address, data)
    assert response.status_code == 200
    return response.json() if response.headers["Content-Type"] == "application/json" else {}


def test_nobody_is_told_of_who_is_not_logged_in(client: Client) -> None:
    response = client.get(reverse("editor_session"))
    told = response.json()
    assert told.pop("token")
    assert told == {"user": None, "username": "", "name": ""}
    assert "no-store" in response.headers["Cache-Control"]


def test_the_session_is_that_of_whoever_logged_in_and_its_token_is_taken(strict: Client) -> None:
    user = UserFactory(username="edith", groups=["Editors"])
    user.set_password("a-long-password")
    user.save()
    assert not log_in_again(strict, "edith", "something else")
    told = log_in_again(strict, "edith", "a-long-password")
    assert (told["user"], told["username"]) == (str(user.pk), "edith")
    assert strict.get(reverse("editor_session")).json()["user"] == str(user.pk)
    logout = {"csrfmiddlewaretoken": told["token"]}
    assert strict.post(reverse("wagtailadmin_logout"), logout).status_code == 302


def test_who_may_not_use_the_admin_is_nobody_to_it(strict: Client) -> None:
    user = UserFactory(username="reader")
    user.set_password("a-long-password")
    user.save()
    assert log_in_again(strict, "reader", "a-long-password")["user"] is None


def test_the_form_asks_somebody_who_is_logged_in_too(editor: Client) -> None:
    content = editor.get(reverse("editor_log_in_again")).content.decode()
    assert 'id="id_log_in_again_password"' in content
