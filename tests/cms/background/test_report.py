"""Administrators see which tasks fail, and try them again; nobody else sees any of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.background.jobs import JOBS, take_turn
from cms.background.models import FAILED, READY, JobRun, QueuedTask
from cms.background.worker import Worker
from cms.mail import packed, send_stored
from frontend_api.changes.enqueueing import enqueue
from frontend_api.images.tasks import pictures_chosen
from frontend_api.scheduling.doing import do_due
from tests.cms.admin import log_in, soup
from tests.cms.background import work
from tests.frontend_api.scheduling.pages import ago, refusing, scheduled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]

REPORT = "background:report"


@pytest.fixture
def administrator(client: Client) -> Client:
    log_in(client, None)
    return client


def failed(what: str, status: str = FAILED, **fields: Any) -> QueuedTask:
    """Return a task that failed."""
    enqueue(work.note, what)
    task = QueuedTask.objects.latest("enqueued_at")
    QueuedTask.objects.filter(pk=task.pk).update(
        status=status, traceback="Traceback …\nOSError: No room is left.", worker_ids=["a", "b"]
    )
    task.refresh_from_db()
    return task


def home(client: Client) -> str:
    return soup(client.get(reverse("wagtailadmin_home"))).get_text(" ", strip=True)


def test_the_report_says_what_failed_when_and_how_often(administrator: Client) -> None:
    failed("a")
    failed("b", READY)
    enqueue(work.note, "only waits")
    table = soup(administrator.get(reverse(REPORT))).find("table", class_="listing")
    text = table.get_text(" ", strip=True)
    assert text.count("OSError: No room is left.") == 2
    assert text.count("Given up") == 1
    assert text.count("Tried again later") == 1
    assert text.index("Given up") < text.index("Tried again later")


def test_a_task_is_tried_again_at_the_press_of_a_button(administrator: Client) -> None:
    task = failed("a")
    page = soup(administrator.get(reverse(REPORT)))
    form = page.find("form", action=reverse("background:again", args=[task.pk]))
    assert form.find("button")["aria-label"].startswith("Try again: ")
    answer = administrator.post(form["action"], follow=True)
    assert "this is tried again now" in soup(answer).get_text()
    task.refresh_from_db()
    assert (task.status, task.attempts) == (READY, 0)
    Worker(batch=True).run()
    assert work.done == ["a"]
    # A second click, or one of somebody else, finds nothing left to do.
    assert administrator.post(form["action"]).status_code == 404
    assert work.done == ["a"]


def test_a_mail_and_an_image_are_called_by_their_names(administrator: Client) -> None:
    mail = EmailMessage("Reset your password", "secret text", to=["somebody@example.org"])
    enqueue(send_stored, packed(mail))
    enqueue(pictures_chosen, 1, [[17, "hero"]], True)
    QueuedTask.objects.update(status=FAILED, traceback="OSError")
    text = soup(administrator.get(reverse(REPORT))).get_text(" ", strip=True)
    assert "Send a mail: “Reset your password”" in text
    assert "Make the sizes of an image: “17”" in text
    assert "secret text" not in text


def test_the_home_page_counts_what_was_given_up(administrator: Client) -> None:
    assert "Something is left undone" not in home(administrator)
    failed("a", READY)
    assert "Something is left undone" not in home(administrator)
    failed("b")
    failed("c")
    assert "2 background tasks were given up" in home(administrator)


def test_the_home_page_says_that_nobody_runs_tasks(administrator: Client) -> None:
    enqueue(work.note, "a")
    assert "Something is left undone" not in home(administrator)
    QueuedTask.objects.update(enqueued_at=timezone.now() - timedelta(minutes=6))
    assert "1 background task has waited" in home(administrator)
    # One that failed rests, and waits for no worker.
    QueuedTask.objects.update(traceback="x", run_after=timezone.now() + timedelta(minutes=6))
    assert "Something is left undone" not in home(administrator)


def test_the_home_page_says_that_nobody_publishes(administrator: Client) -> None:
    scheduled("soon", ago(seconds=30))
    assert "Something is left undone" not in home(administrator)
    scheduled("late", ago(minutes=12))
    assert "2 pages or snippets should have gone live or ended, the first 12" in home(administrator)
    with refusing("late"):
        do_due()
    text = home(administrator)
    assert "should have gone live" not in text
    assert "1 page or snippet could not go live or end on time." in text
    assert "could not go live" in soup(administrator.get(reverse(REPORT))).get_text()


def test_the_report_says_when_each_job_was_done(administrator: Client) -> None:
    def jobs() -> dict[str, list[str]]:
        rows = soup(administrator.get(reverse(REPORT))).select(".background-jobs tbody tr")
        cells = [[cell.get_text(strip=True) for cell in row.find_all("td")] for row in rows]
        return {title: rest for title, *rest in cells}

    assert [*jobs()] == [str(job.title) for job in JOBS]
    assert all(done == "Not yet" for done, _ in jobs().values())
    assert "Something is left undone" not in home(administrator)
    for job in JOBS:
        take_turn(job, "x")
    assert not any("Not yet" in done or wrong for done, wrong in jobs().values())
    assert "Something is left undone" not in home(administrator)
    JobRun.objects.filter(pk="publish").update(done_at=timezone.now() - timedelta(hours=1))
    JobRun.objects.filter(pk="purge").update(error="OSError: No room is left.")
    text = home(administrator)
    assert "“Publish and expire on time” has not been done for too long." in text
    assert "“Purge the caches in front” failed: OSError: No room is left." in text
    assert jobs()["Publish and expire on time"][1] == "Nobody has done it for too long."


@pytest.mark.parametrize("group", ["Editors", "Moderators"])
def test_nobody_else_sees_any_of_it(client: Client, group: str) -> None:
    log_in(client, group)
    task = failed("a")
    text = home(client)
    assert "Something is left undone" not in text
    assert "Background tasks" not in text
    for name, arguments in ((REPORT, []), ("background:report_results", [])):
        # Wagtail leads who may not see something back to its home page.
        assert client.get(reverse(name, args=arguments)).status_code == 302
    assert client.post(reverse("background:again", args=[task.pk])).status_code == 302
    task.refresh_from_db()
    assert task.status == FAILED
