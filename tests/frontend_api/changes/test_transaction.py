"""A change and its row are one: both are there, or neither, in the order in which they were committed."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db import transaction as django_transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.test.utils.form_data import streamfield

from cms.models import Theme
from cms.urls import urlpatterns as all_addresses
from frontend_api.changes import unit_of_work
from frontend_api.changes.models import Change, ChangeLog
from frontend_api.changes.transaction import transaction
from frontend_api.changes.unit_of_work import is_pending
from frontend_api.changes.writing import changes_committed
from insights.models import InsightPage
from tests import factories
from tests.cms.admin import PUBLISH, TEXT, edit_url, insight_form, log_in


class Broken(Exception):
    """Ends a transaction."""


def rename_and_break(request: HttpRequest) -> HttpResponse:
    """Change something, and fail."""
    Theme.objects.get().save()
    theme = Theme.objects.get()
    theme.name = "After"
    theme.save()
    raise Broken


urlpatterns = [path("broken/", rename_and_break), *all_addresses]


def names(changes: Any = None) -> list[str]:
    """Return what the log has, without the search index."""
    changes = Change.objects.all() if changes is None else changes
    return [f"{one.kind} {one.object_id}" for one in changes if one.kind != "search"]


@pytest.mark.django_db
def test_what_is_rolled_back_is_not_logged() -> None:
    theme = factories.ThemeFactory()
    logged = names()

    def rename_and_fail() -> None:
        with transaction():
            theme.name = "After"
            theme.save()
            raise Broken

    with pytest.raises(Broken):
        rename_and_fail()
    assert names() == logged
    assert not is_pending()


@pytest.mark.django_db
def test_what_is_marked_to_be_rolled_back_is_not_logged() -> None:
    theme = factories.ThemeFactory(name="Before")
    logged = names()
    with transaction():
        theme.name = "After"
        theme.save()
        django_transaction.set_rollback(True)
    assert names() == logged
    assert Theme.objects.get().name == "Before"


@pytest.mark.django_db
def test_what_a_savepoint_takes_back_is_not_logged() -> None:
    kept, undone = factories.ThemeFactory(), factories.ThemeFactory()
    logged = len(names())
    with transaction():
        kept.name = "Kept"
        kept.save()
        with django_transaction.atomic():
            undone.name = "Undone"
            undone.save()
            django_transaction.set_rollback(True)
        assert is_pending()
    assert names()[logged:] == [f"snippet {kept.pk}"]
    assert Theme.objects.get(pk=undone.pk).name != "Undone"


@pytest.mark.django_db
def test_the_index_has_what_was_saved_before_a_savepoint_was_taken_back() -> None:
    theme = factories.ThemeFactory(name="Before")
    with transaction():
        theme.name = "Kept"
        theme.save()
        with django_transaction.atomic():
            theme.name = "Undone"
            theme.save()
            django_transaction.set_rollback(True)
    found = get_search_backend().search("Kept", Theme.objects.all())
    assert [one.pk for one in found] == [theme.pk]
    assert not list(get_search_backend().search("Undone", Theme.objects.all()))


@pytest.mark.django_db
def test_what_happens_to_one_object_in_one_transaction_is_one_change() -> None:
    theme, other = factories.ThemeFactory(), factories.ThemeFactory()
    gone = other.pk
    logged = len(names())
    with transaction():
        for name in ("First", "Second"):
            theme.name = name
            theme.save()
        other.delete()
    assert sorted(names()[logged:]) == sorted([f"snippet {theme.pk}", f"deleted {gone}"])


@pytest.mark.django_db
def test_without_recording_a_change_is_logged_as_it_is_made() -> None:
    theme = factories.ThemeFactory()
    before = ChangeLog.objects.get().version
    theme.name = "After"
    theme.save()
    assert names(Change.objects.filter(version__gt=before)) == [f"snippet {theme.pk}"]
    assert Change.objects.latest("version").version == ChangeLog.objects.get().version


@pytest.mark.django_db(transaction=True)
def test_a_view_that_fails_leaves_neither_the_change_nor_its_row(
    settings: Any, client: Client
) -> None:
    settings.ROOT_URLCONF = __name__
    theme = factories.ThemeFactory(name="Before")
    logged = names()
    client.raise_request_exception = False
    assert client.post("/broken/").status_code == 500
    assert Theme.objects.get().name == "Before"
    assert names() == logged
    assert theme.pk


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_commit_leaves_neither(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in(client, None)
    page = factories.InsightPageFactory(title="Before", slug="before")
    logged = names()

    def crash(made: Any) -> int:
        raise Broken

    with monkeypatch.context() as patch:
        patch.setattr(unit_of_work, "write", crash)
        client.raise_request_exception = False
        form = {**insight_form(title="After", slug="before", body=streamfield([TEXT])), **PUBLISH}
        assert client.post(edit_url(page), form).status_code == 500
    assert InsightPage.objects.get().title == "Before"
    assert names() == logged


@pytest.mark.django_db(transaction=True)
def test_publishing_in_the_admin_is_one_transaction_with_its_row(client: Client) -> None:
    user = log_in(client, None)
    page = factories.InsightPageFactory(title="Before", slug="before")
    logged = len(names())
    committed: list[tuple[int, int]] = []

    def hear(first: int, last: int, **kwargs: Any) -> None:
        # What is heard of is committed, and can be read by others.
        assert not connection.in_atomic_block
        committed.append((first, last))

    changes_committed.connect(hear)
    try:
        form = {**insight_form(title="After", slug="before", body=streamfield([TEXT])), **PUBLISH}
        response = client.post(edit_url(page), form)
        assert response.status_code == 302, response.context["form"].errors
    finally:
        changes_committed.disconnect(hear)
    assert names()[logged:] == [f"updated {page.pk}"]
    assert Change.objects.get(object_id=str(page.pk), kind="updated").made_by == user.username
    # The search index is written in a transaction of its own.
    assert [
        [one.kind for one in Change.objects.filter(version__range=range_)] for range_ in committed
    ] == [["updated"], ["search"]]


@pytest.mark.django_db
def test_reading_the_admin_begins_no_transaction(admin_client: Client) -> None:
    address = reverse("wagtailadmin_home")
    began: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(("SAVEPOINT", "BEGIN")):
            began.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        assert admin_client.get(address).status_code == 200
        # Nor does asking the API for what it does not do: it would take SQLite's only write lock.
        assert admin_client.post("/api/v2/pages/").status_code == 405
    assert began == []


@pytest.mark.django_db(transaction=True)
def test_versions_are_in_the_order_of_the_commits() -> None:
    pages = [factories.InsightPageFactory() for _ in range(3)]
    rounds = 6
    problems: list[str] = []
    done = threading.Event()

    def publish(key: int) -> None:
        try:
            for number in range(rounds):
                with transaction():
                    page = InsightPage.objects.get(pk=key)
                    page.title = f"Title {number}"
                    page.save_revision().publish()
        except Exception as error:
            problems.append(repr(error))
        finally:
            connection.close()

    def follow() -> None:
        try:
            first = Change.objects.order_by("version").first()
            start = first.version if first else 1
            while not done.is_set():
                last = ChangeLog.objects.get().version
                seen = list(
                    Change.objects.filter(version__lte=last).values_list("version", flat=True)
                )
                if seen != list(range(start, last + 1)):
                    problems.append(f"{seen} up to {last}")
        finally:
            connection.close()

    reader = threading.Thread(target=follow)
    writers = [threading.Thread(target=publish, args=[page.pk]) for page in pages]
    for thread in (reader, *writers):
        thread.start()
    for writer in writers:
        writer.join()
    done.set()
    reader.join()
    assert problems == []
    for page in pages:
        assert Page.objects.get(pk=page.pk).title == f"Title {rounds - 1}"
        assert Change.objects.filter(kind="updated", object_id=str(page.pk)).count() == rounds
