"""Sessions that are listed and ended, and mails of browsers that are new."""

from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import UserFactory

from .test_signing_in import attempt

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

EVERYBODYS = "/admin/login/sessions/all/"


@pytest.fixture
def person() -> Any:
    """An editor."""
    return UserFactory(username="edith", groups=["Editors"], email="edith@example.org")


def signed_in(name: str = "edith") -> Client:
    """Return a browser in which somebody has signed in."""
    browser = Client()
    attempt(browser, name)
    return browser


def is_in(browser: Client) -> bool:
    """Return whether the admin opens."""
    return browser.get("/admin/").status_code == 200


def test_the_owner_sees_sessions_and_ends_the_others(person: Any) -> None:
    here, there = signed_in(), signed_in()
    page = here.get(reverse("usersessions_list"))
    assert len(page.context["sessions"]) == 2
    here.post(reverse("usersessions_list"))
    assert is_in(here)
    assert not is_in(there)


def test_an_administrator_ends_one_or_all(person: Any) -> None:
    UserFactory(username="ada", is_superuser=True)
    ada, first, second, third = signed_in("ada"), signed_in(), signed_in(), signed_in()
    page = ada.get(EVERYBODYS)
    keys = [one.pk for one in page.context["page_obj"] if one.user_id == person.pk]
    assert len(keys) == 3
    ada.post(EVERYBODYS, {"session": min(keys)})
    assert [is_in(browser) for browser in (first, second, third)] == [False, True, True]
    ada.post(EVERYBODYS, {"user": person.pk})
    assert [is_in(browser) for browser in (second, third, ada)] == [False, False, True]
    # Sent twice, or made up.
    for data in ({"user": person.pk}, {"session": "x"}, {}):
        assert ada.post(EVERYBODYS, data).status_code == 302
    assert is_in(ada)


def test_only_administrators_see_all(person: Any) -> None:
    editor = signed_in()
    assert editor.get(EVERYBODYS).status_code == 302
    editor.post(EVERYBODYS, {"user": person.pk})
    assert is_in(editor)


def test_a_list_of_many_asks_as_much_as_a_list_of_few(django_assert_max_num_queries: Any) -> None:
    UserFactory(username="ada", is_superuser=True)
    ada = signed_in("ada")
    for number in range(20):
        UserFactory(username=f"editor{number}", groups=["Editors"])
        signed_in(f"editor{number}")
    with django_assert_max_num_queries(15):
        assert ada.get(EVERYBODYS).status_code == 200


def test_a_browser_is_told_of_once(person: Any, settings: Any) -> None:
    browser = signed_in()
    assert [message.to for message in mail.outbox] == [["edith@example.org"]]
    assert "new browser" in mail.outbox[0].subject
    assert reverse("usersessions_list") in mail.outbox[0].body
    browser.post(reverse("wagtailadmin_logout"))
    attempt(browser, "edith")
    assert len(mail.outbox) == 1
    # Nor does another secret key make it new.
    browser.post(reverse("wagtailadmin_logout"))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" * 6
    attempt(browser, "edith")
    assert len(mail.outbox) == 1
    signed_in()
    assert len(mail.outbox) == 2


def test_a_failure_is_no_device(person: Any) -> None:
    attempt(Client(), "edith", "wrong")
    assert not mail.outbox


def test_second_factors_can_be_reset_by_command(person: Any) -> None:
    browser = signed_in()
    call_command("reset_second_factor", "edith")
    assert not is_in(browser)
    for name in ("reset_second_factor", "let_in"):
        with pytest.raises(CommandError, match="no account"):
            call_command(name, "nobody")


def test_a_reset_does_the_same_whether_there_is_an_account(person: Any, settings: Any) -> None:
    settings.TASKS = {
        **settings.TASKS,
        "background": {"BACKEND": "cms.background.backend.QueueBackend"},
    }
    done = []
    for email in ("somebody@example.org", person.email, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            response = Client().post(reverse("wagtailadmin_password_reset"), {"email": email})
        assert response.status_code == 302
        done.append([query["sql"].split(" ", 3)[:3] for query in queries])
    # What is done once, for the first of all, is not counted.
    assert done[1] == done[2]
    # Hashing takes longest, and mail: both are left to the worker.
    assert not mail.outbox


def test_who_asks_for_many_mails_gets_a_few(person: Any, settings: Any) -> None:
    settings.SIGN_IN_LIMITS = {
        **settings.SIGN_IN_LIMITS,
        "reset": (2, 900),
        "reset_address": (4, 900),
    }
    answers = [
        Client().post(reverse("wagtailadmin_password_reset"), {"email": person.email}).status_code
        for _ in range(5)
    ]
    # Beyond the limit of the address it says so; beyond that of the account, nothing.
    assert answers == [302, 302, 302, 302, 200]
    assert len(mail.outbox) == 2
