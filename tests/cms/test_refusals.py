"""What cannot be published or saved is a message, wherever in the admin somebody tries, and the rest is done."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail import hooks
from wagtail.models import Page
from wagtail.signals import page_published
from wagtail.test.utils.form_data import streamfield

from cms.bulk_publish import MOST_NAMED
from frontend_api.changes.models import Change, ChangeLog
from insights.models import InsightPage
from tests import factories
from tests.cms.admin import PUBLISH, SUBMIT, TEXT, add_url, edit_url, insight_form, soup
from tests.threads import Elsewhere

pytestmark = pytest.mark.django_db

MISSING = "Body: Write an article, or give the address of somebody else's above."


@pytest.fixture(autouse=True)
def as_in_service(administrator: Client, editor: Client, moderator: Client) -> None:
    """Get what a browser gets where something goes wrong."""
    for browser in (administrator, editor, moderator):
        browser.raise_request_exception = False


def draft(browser: Client, slug: str, *, complete: bool) -> InsightPage:
    """Return the draft of an insight, as an editor saves it."""
    body = streamfield([TEXT] if complete else [])
    index = factories.insight_index()
    browser.post(
        add_url(InsightPage, index), insight_form(title=slug.title(), slug=slug, body=body)
    )
    # The messages that it was saved are read, and gone.
    browser.get(reverse("wagtailadmin_home"))
    page: InsightPage = InsightPage.objects.get(slug=slug)
    return page


def publish(browser: Client, *pages: Page, **sent: str) -> Any:
    """Publish pages at once."""
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    query = "&".join(f"id={page.pk}" for page in pages)
    return browser.post(f"{address}?{query}&next=/admin/", sent)


def told(browser: Client, response: Any) -> list[str]:
    """Return the messages that the browser shows where a response leads."""
    assert response.status_code == 302, response
    shown = soup(browser.get(response.headers["Location"]))
    for hidden in shown.select(".messages .w-hidden"):
        hidden.decompose()
    return [
        " ".join(item.get_text(" ", strip=True).split()) for item in shown.select(".messages li")
    ]


def is_live(page: Page) -> bool:
    return bool(Page.objects.get(pk=page.pk).live)


def test_a_bulk_action_publishes_what_is_complete_and_names_the_rest(administrator: Client) -> None:
    lacking = [draft(administrator, f"lacking-{number}", complete=False) for number in range(2)]
    good = [draft(administrator, f"good-{number}", complete=True) for number in range(2)]
    response = publish(administrator, lacking[0], good[0], lacking[1], good[1])
    assert response.headers["Location"] == "/admin/"
    assert told(administrator, response) == [
        f"“Lacking-0” is not published. {MISSING} Edit",
        f"“Lacking-1” is not published. {MISSING} Edit",
        "2 pages have been published",
    ]
    assert [is_live(page) for page in (*lacking, *good)] == [False, False, True, True]


def test_a_bulk_action_that_publishes_nothing_says_no_more_than_that(administrator: Client) -> None:
    lacking = draft(administrator, "lacking", complete=False)
    [message] = told(administrator, publish(administrator, lacking))
    assert message.startswith("“Lacking” is not published.")


def test_what_is_below_is_published_likewise(administrator: Client) -> None:
    index = factories.insight_index()
    draft(administrator, "lacking", complete=False)
    good = draft(administrator, "good", complete=True)
    messages = told(administrator, publish(administrator, index, include_descendants="on"))
    assert messages[0] == f"“Lacking” is not published. {MISSING} Edit"
    assert "1 child page" in messages[1]
    assert is_live(good)


def test_of_many_pages_the_first_are_named(administrator: Client) -> None:
    pages = [
        draft(administrator, f"lacking-{number}", complete=False)
        for number in range(MOST_NAMED + 2)
    ]
    messages = told(administrator, publish(administrator, *pages))
    assert len(messages) == MOST_NAMED + 1
    assert messages[-1].startswith("2 more pages are not published")


def test_whoever_may_not_publish_publishes_nothing(editor: Client) -> None:
    page = draft(editor, "good", complete=True)
    publish(editor, page)
    assert not is_live(page)


def submitted(editor: Client, moderator: Client) -> tuple[InsightPage, str]:
    """Return an insight that was complete when it was submitted and is not any more, and the address to approve it."""
    index = factories.insight_index()
    complete = insight_form(body=streamfield([TEXT]), **SUBMIT)
    editor.post(add_url(InsightPage, index), complete)
    page: InsightPage = InsightPage.objects.get(slug="an-insight")
    moderator.post(edit_url(page), insight_form())
    moderator.get(reverse("wagtailadmin_home"))
    page = InsightPage.objects.get(pk=page.pk)
    task = page.current_workflow_state.current_task_state
    return page, reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])


def test_an_approval_of_what_is_not_complete_leads_to_the_page_and_says_what_it_lacks(
    editor: Client, moderator: Client
) -> None:
    page, address = submitted(editor, moderator)
    changes = Change.objects.count()
    response = moderator.post(address, {"comment": ""})
    assert response.headers["Location"] == edit_url(page)
    assert f"Nothing was changed. {MISSING}" in " ".join(told(moderator, response))
    page = InsightPage.objects.get(pk=page.pk)
    assert not page.live
    assert page.workflow_in_progress
    assert Change.objects.count() == changes
    # Completed, it is approved.
    moderator.post(edit_url(page), insight_form(body=streamfield([TEXT])))
    task = InsightPage.objects.get(pk=page.pk).current_workflow_state.current_task_state
    again = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    assert moderator.post(again, {"comment": ""}).status_code == 302
    assert is_live(page)


def test_the_window_in_which_one_approves_closes_and_leads_there_too(
    editor: Client, moderator: Client
) -> None:
    page, address = submitted(editor, moderator)
    response = moderator.post(
        address, {"comment": ""}, headers={"x-requested-with": "XMLHttpRequest"}
    )
    assert response.json() == {"step": "success", "redirect": edit_url(page)}
    assert MISSING.partition("'")[0] in str(next(iter(get_messages(response.wsgi_request))))


def test_approving_in_the_form_keeps_what_was_typed(editor: Client, moderator: Client) -> None:
    page, _ = submitted(editor, moderator)
    approve = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    form = insight_form(title="Another title", **approve)
    response = moderator.post(edit_url(page), form)
    assert response.status_code == 200
    assert response.context["form"].errors["body"]
    assert response.context["form"]["title"].value() == "Another title"


@pytest.fixture
def failing() -> Any:
    """Have the saving of a page fail in the middle, as the returned list says."""
    errors: list[Callable[[], Exception]] = []

    def fail(request: Any, page: Page) -> None:
        page.title = "Half-way"
        page.save()
        raise errors[0]()

    with hooks.register_temporarily("after_edit_page", fail):
        yield errors


def in_the_database(code: str) -> Exception:
    """Return the error that Django makes of one of PostgreSQL."""
    cause = Exception()
    cause.sqlstate = code  # type: ignore[attr-defined]
    error = OperationalError("canceling statement")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (lambda: IntegrityError("UNIQUE constraint failed"), "at the same moment"),
        (lambda: OperationalError("database is locked"), "was being saved for too long"),
        (lambda: in_the_database("55P03"), "was being saved for too long"),
        (lambda: in_the_database("40P01"), "was being saved for too long"),
        (lambda: ValidationError("No."), "Nothing was changed. No."),
        (lambda: ValidationError({"title": "No.", "nonsense": "Nor."}), "Title: No. Nor."),
    ],
)
def test_what_comes_between_is_a_message_and_changes_nothing(
    administrator: Client, failing: list[Any], error: Callable[[], Exception], says: str
) -> None:
    page = draft(administrator, "good", complete=True)
    before = Page.objects.filter(pk=page.pk).values().get()
    changes = Change.objects.count()
    failing.append(error)
    form = insight_form(slug="good", body=streamfield([TEXT]), **PUBLISH)
    response = administrator.post(edit_url(page), form)
    assert response.headers["Location"] == edit_url(page)
    assert says in " ".join(told(administrator, response))
    assert Page.objects.filter(pk=page.pk).values().get() == before
    assert Change.objects.count() == changes
    # What the browser saves by itself is told so that it can say it.
    response = administrator.post(edit_url(page), form, headers={"accept": "application/json"})
    assert response.status_code == 400
    assert response.json()["success"] is False
    assert says in response.json()["error_message"]


# A database that fails may be there again in a moment.
@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError("disk I/O error"), 503), (ValueError("x"), 500)]
)
def test_a_fault_of_the_service_stays_one(
    administrator: Client, failing: list[Any], error: Exception, status: int
) -> None:
    page = draft(administrator, "good", complete=True)
    failing.append(lambda: error)
    form = insight_form(slug="good", body=streamfield([TEXT]))
    assert administrator.post(edit_url(page), form).status_code == status
    assert Page.objects.get(pk=page.pk).title == "Good"


@pytest.mark.django_db(transaction=True)
def test_what_fails_at_the_commit_is_a_message_too(administrator: Client) -> None:
    page = draft(administrator, "good", complete=True)
    before = Page.objects.filter(pk=page.pk).values().get()
    changes = Change.objects.count()
    through: Any = InsightPage._meta.get_field("themes").remote_field.through

    def name_what_is_gone(instance: Page, **kwargs: Any) -> None:
        # As where somebody else deletes it at the same moment; a database looks for it when this is committed.
        through.objects.create(insightpage_id=instance.pk, theme_id=99_999)

    page_published.connect(name_what_is_gone)
    try:
        form = insight_form(slug="good", body=streamfield([TEXT]), **PUBLISH)
        response = administrator.post(edit_url(page), form)
    finally:
        page_published.disconnect(name_what_is_gone)
    assert response.status_code == 302
    # And not beside it that it is published.
    [message] = told(administrator, response)
    assert "at the same moment" in message
    assert Page.objects.filter(pk=page.pk).values().get() == before
    assert Change.objects.count() == changes
    assert connection.get_autocommit()
    response = administrator.post(edit_url(page), form)
    assert is_live(page)


def test_an_alias_is_published_with_its_original(administrator: Client) -> None:
    page = draft(administrator, "good", complete=True)
    alias = page.create_alias(parent=factories.home(), update_slug="alias")
    [message] = told(administrator, publish(administrator, alias))
    assert message.startswith("“Good” is not published. It shows another page")
    messages = told(
        administrator, publish(administrator, factories.home(), include_descendants="on")
    )
    assert not any("It shows another page" in message for message in messages)
    assert is_live(page)
    assert is_live(alias)


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_too_long_to_save_gets_a_message(administrator: Client) -> None:
    page = draft(administrator, "good", complete=True)
    held, saved = threading.Event(), threading.Event()

    def hold() -> None:
        # SQLite lets one transaction write at a time; on PostgreSQL this is the row that all need in the end.
        with transaction.atomic():
            ChangeLog.objects.select_for_update().get()
            held.set()
            saved.wait()

    holder = Elsewhere(hold)
    held.wait()
    limit = {"postgresql": "SET lock_timeout = '200ms'", "sqlite": "PRAGMA busy_timeout = 200"}
    with connection.cursor() as cursor:
        cursor.execute(limit[connection.vendor])
    form = insight_form(slug="good", body=streamfield([TEXT]), **PUBLISH)
    response = administrator.post(edit_url(page), form)
    saved.set()
    holder.join()
    [message] = told(administrator, response)
    assert "was being saved for too long" in message
    assert not is_live(page)
    administrator.post(edit_url(page), form)
    assert is_live(page)
    connection.close()
