"""Administrators see how the service is, and what to do; nobody else does."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.background.models import FAILED, QueuedTask, see
from cms.background.worker import BACKEND
from cms.operations.wagtail_hooks import NAME
from tests.cms.admin import soup

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_the_page_has_its_name(administrator: Client) -> None:
    page = soup(administrator.get(reverse(NAME)))
    assert page.find("h1").get_text(strip=True) == "Status"
    assert page.title.get_text(strip=True).startswith("Status")


def rows(client: Client) -> list[list[str]]:
    table = soup(client.get(reverse(NAME))).find("table", class_="listing")
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
        for row in table.tbody.find_all("tr")
    ]


def test_the_page_says_what_is_not_well_first_and_what_to_do(administrator: Client) -> None:
    found = rows(administrator)
    assert found[0] == [
        "Worker",
        "not well",
        "No worker runs. The servers do what cannot wait, and are slower meanwhile.",
        "python manage.py db_worker",
    ]
    assert [row[1] for row in found[1:]] == ["good"] * 10
    assert "One thing is not well." in administrator.get(reverse(NAME)).text


def test_the_page_says_that_all_is_well(administrator: Client) -> None:
    see("a worker")
    assert {row[1] for row in rows(administrator)} == {"good"}
    assert "All is well." in administrator.get(reverse(NAME)).text


def test_what_was_given_up_is_not_well(administrator: Client) -> None:
    see("a worker")
    QueuedTask.objects.create(
        status=FAILED,
        backend_name=BACKEND,
        task_path="a.b",
        args_kwargs={},
        traceback="No",
        run_after=timezone.now(),
    )
    assert rows(administrator)[0][:3] == ["Tasks", "not well", "1 task was given up."]


def test_the_menu_has_the_page(administrator: Client) -> None:
    assert reverse(NAME) in administrator.get(reverse("wagtailadmin_home")).text


def test_editors_and_moderators_do_not_see_it(editor: Client, moderator: Client) -> None:
    for client in (editor, moderator):
        answer = client.get(reverse(NAME))
        assert answer.status_code == 302
        assert answer["Location"] == reverse("wagtailadmin_home")
        assert reverse(NAME) not in client.get(reverse("wagtailadmin_home")).text
