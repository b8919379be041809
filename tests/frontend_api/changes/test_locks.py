"""Nobody waits to publish for longer than a moment, whatever else is at work on the same content."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from cms.models import ContentPage, Theme
from frontend_api.changes import search_backend
from frontend_api.changes.models import Change, ChangeLog, UnindexedObject
from frontend_api.management.commands import rebuild_references_index
from insights.models import InsightPage
from tests import factories
from tests.threads import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)

WAIT = 1
"""For how many seconds somebody who publishes waits for a lock before it is an error."""

COMMANDS = ["update_index", "rebuild_references_index", "set_url_paths"]


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_backend, "AT_ONCE", 5)
    monkeypatch.setattr(rebuild_references_index, "AT_ONCE", 5)


class Editor:
    """Publishes a page again and again, on a connection of its own."""

    def __init__(self) -> None:
        self.page = factories.InsightPageFactory(title="Title 0")
        self.published = 0

    def publish(self) -> None:
        """Publish, without waiting for anybody for long; raises what went wrong."""
        Elsewhere(self._publish).join()

    def _publish(self) -> None:
        wait_no_longer()
        page = InsightPage.objects.get(pk=self.page.pk)
        page.title = f"Title {self.published + 1}"
        page.save_revision().publish()
        self.published += 1

    def is_public(self) -> bool:
        """Tell whether what was published last is what readers see, and is logged."""
        of_page = Change.objects.filter(kind="updated", object_id=str(self.page.pk))
        title = InsightPage.objects.get(pk=self.page.pk).title
        return title == f"Title {self.published}" and of_page.count() >= self.published


@pytest.fixture
def editor() -> Editor:
    """Somebody who publishes while something else is at work."""
    return Editor()


def wait_no_longer() -> None:
    """Let what is done on this connection wait for a lock for `WAIT` seconds, and fail then."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET lock_timeout = '{WAIT}s'")
        else:
            cursor.execute(f"PRAGMA busy_timeout = {WAIT * 1000}")


@contextmanager
def between_transactions(act: Callable[[], None]) -> Iterator[list[int]]:
    """Do something before every tenth transaction that begins here; gives how many statements each of them has."""
    sizes: list[int] = []
    is_watching = True

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal is_watching
        if not is_watching:
            return execute(sql, *rest)
        begins = sql.startswith("BEGIN")
        if begins and len(sizes) % 10 == 0:
            is_watching = False
            act()
            is_watching = True
        if begins:
            sizes.append(0)
        elif connection.in_atomic_block and sizes:
            sizes[-1] += 1
        return execute(sql, *rest)

    # PostgreSQL's driver begins transactions by itself.
    enter = transaction.Atomic.__enter__

    def begin(block: Any) -> None:
        if is_watching and not connection.in_atomic_block and block.using in {None, "default"}:
            watch(lambda *arguments: None, "BEGIN")
        enter(block)

    def watch_all_but_begin(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        return execute(sql, *rest) if sql.startswith("BEGIN") else watch(execute, sql, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction.Atomic, "__enter__", begin)
        with connection.execute_wrapper(watch_all_but_begin):
            yield sizes


@pytest.mark.parametrize("command", COMMANDS)
def test_a_page_is_published_while_a_command_runs(command: str, editor: Editor) -> None:
    def run(count: int) -> list[int]:
        for _ in range(count):
            factories.InsightPageFactory()
        Page.objects.filter(depth__gt=2).update(url_path="/wrong/")
        before = editor.published
        with between_transactions(editor.publish) as sizes:
            call_command(command, stdout=StringIO())
        assert editor.published > before
        return sizes

    few, many = run(10), run(30)
    assert editor.is_public()
    # There are more transactions, and none of them is longer.
    assert len(many) > len(few)
    assert max(many) <= max(few) + 2


def many_pages(section: ContentPage, count: int) -> None:
    """Add plain pages below a section, quickly."""
    kind = ContentType.objects.get_for_model(Page)
    Page.objects.bulk_create(
        Page(
            title=f"Page {number}",
            slug=f"page-{number}",
            path=f"{section.path}{number:04}",
            depth=section.depth + 1,
            url_path=f"{section.url_path}page-{number}/",
            content_type=kind,
            locale=section.locale,
        )
        for number in range(1, count + 1)
    )
    Page.objects.filter(pk=section.pk).update(numchild=count)
    section.refresh_from_db()


def test_a_page_is_published_while_a_thousand_are_moved(editor: Editor) -> None:
    section, other = factories.ContentPageFactory(), factories.ContentPageFactory()
    many_pages(section, 1_000)
    version = ChangeLog.objects.get().version
    with transaction.atomic():
        section.move(other, pos="last-child")
        # All thousand rows are changed, and nothing of it is logged yet.
        assert ChangeLog.objects.get().version == version
        if connection.vendor == "postgresql":
            editor.publish()
    if connection.vendor == "sqlite":
        # There one transaction writes at a time, and this one was not long.
        editor.publish()
    assert editor.is_public()
    assert Page.objects.filter(url_path__startswith=f"{other.url_path}").count() == 1_002


def test_a_page_is_published_while_all_pages_of_a_section_are_moved(editor: Editor) -> None:
    section, other = factories.ContentPageFactory(), factories.ContentPageFactory()
    many_pages(section, 30)
    with between_transactions(editor.publish):
        call_command("move_pages", str(section.pk), str(other.pk), stdout=StringIO())
    assert editor.published >= 3
    assert editor.is_public()
    assert Page.objects.child_of(Page.objects.get(pk=other.pk)).count() == 30


def test_a_page_is_published_while_somebody_leaves_a_transaction_open(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "sqlite":
        # One transaction writes at a time there, so that whoever leaves one open keeps all others from it.
        with transaction.atomic():
            factories.ThemeFactory()
            with pytest.raises(OperationalError, match="locked"):
                editor.publish()
        return
    monkeypatch.setattr(search_backend, "PATIENCE", "100ms")
    other = factories.InsightPageFactory()
    with transaction.atomic():
        other.title = "After"
        other.save_revision().publish()
        factories.ThemeFactory()
        # It holds the index until the end.
        call_command("update_index", stdout=StringIO())
        editor.publish()
        assert editor.is_public()
    # What could not be indexed meanwhile is now.
    found = get_search_backend().search("Title 1", InsightPage.objects.all())
    assert [page.pk for page in found] == [editor.page.pk]
    assert InsightPage.objects.get(pk=other.pk).title == "After"
    assert not UnindexedObject.objects.exists()


@pytest.mark.skipif(
    settings.TEST_DATABASE == "sqlite",
    reason="One transaction writes at a time there, and waits for no row.",
)
def test_whoever_commits_what_names_something_that_is_being_deleted_waits_alone(
    editor: Editor,
) -> None:
    theme, insight = factories.ThemeFactory(), factories.InsightPageFactory()
    through: Any = InsightPage._meta.get_field("themes").remote_field.through
    deleted, choosing = threading.Event(), threading.Event()

    def choose() -> None:
        deleted.wait()
        with transaction.atomic():
            # The database looks for the theme when this is committed, and then waits for who deletes it.
            through.objects.create(insightpage_id=insight.pk, theme_id=theme.pk)
            factories.ThemeFactory()
            choosing.set()

    chooser = Elsewhere(choose)
    with transaction.atomic():
        Theme.objects.get(pk=theme.pk).delete()
        deleted.set()
        choosing.wait()
        while chooser.is_going_on() and not waits_for_a_lock():
            time.sleep(0.01)
        assert chooser.is_going_on()
        editor.publish()
        assert editor.is_public()
    with pytest.raises(IntegrityError):
        chooser.join()
    assert not Theme.objects.filter(pk=theme.pk).exists()


def waits_for_a_lock() -> bool:
    """Tell whether somebody waits for a lock in this database, on PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_whoever_waits_too_long_is_told_and_loses_nothing(editor: Editor) -> None:
    with transaction.atomic():
        # As nobody may: the row that hands out versions is held in the middle of a transaction.
        ChangeLog.objects.update(version=ChangeLog.objects.get().version)
        with pytest.raises(OperationalError, match="lock"):
            editor.publish()
    assert InsightPage.objects.get(pk=editor.page.pk).title == "Title 0"
    assert not Change.objects.filter(kind="updated").exists()
    editor.publish()
    assert editor.is_public()
