"""Whoever begins a transaction, and in whichever way: what it changes is logged in its last moment, or not at all."""

import contextvars
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db import transaction as django_transaction

from cms.models import Theme
from frontend_api.changes import unit_of_work, writing
from frontend_api.changes.models import Change, ChangeLog
from frontend_api.changes.transaction import after_commit, transaction
from frontend_api.changes.unit_of_work import is_pending
from tests import factories
from tests.threads import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


class Broken(Exception):
    """Ends a transaction."""


def logged() -> list[str]:
    """Return what the log has, without the search index."""
    return [f"{one.kind} {one.object_id}" for one in Change.objects.exclude(kind="search")]


def rename(theme: Theme, name: str) -> None:
    """Change something that readers see."""
    theme.name = name
    theme.save()


def take_back(act: Callable[[], Any]) -> None:
    """Do something in a transaction, or a part of one, that ends with an error."""

    def act_and_fail() -> None:
        with django_transaction.atomic():
            act()
            raise Broken

    with pytest.raises(Broken):
        act_and_fail()


def begins_with_transaction(act: Callable[[], None]) -> None:
    with transaction():
        act()


def begins_with_atomic(act: Callable[[], None]) -> None:
    with django_transaction.atomic():
        act()


def begins_durably(act: Callable[[], None]) -> None:
    with django_transaction.atomic(durable=True):
        act()


def begins_within(act: Callable[[], None]) -> None:
    with django_transaction.atomic(), transaction(), django_transaction.atomic(savepoint=False):
        act()


def switches_autocommit_off(act: Callable[[], None]) -> None:
    django_transaction.set_autocommit(False)
    try:
        with django_transaction.atomic():
            act()
        django_transaction.commit()
    except Exception:
        django_transaction.rollback()
        raise
    finally:
        django_transaction.set_autocommit(True)


WAYS = pytest.mark.parametrize(
    "within",
    [
        begins_with_transaction,
        begins_with_atomic,
        begins_durably,
        begins_within,
        switches_autocommit_off,
    ],
    ids=lambda way: way.__name__,
)


@WAYS
def test_every_transaction_is_logged_once_it_is_committed(
    within: Callable[[Callable[[], None]], None],
) -> None:
    themes = [factories.ThemeFactory() for _ in range(2)]
    before = logged()

    def act() -> None:
        for theme in themes:
            rename(theme, f"After {theme.pk}")

    within(act)
    assert logged()[len(before) :] == [f"snippet {theme.pk}" for theme in themes]
    assert Change.objects.latest("version").version == ChangeLog.objects.get().version
    assert not is_pending()


@WAYS
def test_what_any_transaction_takes_back_is_not_logged(
    within: Callable[[Callable[[], None]], None],
) -> None:
    theme = factories.ThemeFactory(name="Before")
    before = logged()

    def act() -> None:
        rename(theme, "After")
        raise Broken

    with pytest.raises(Broken):
        within(act)
    assert logged() == before
    assert not is_pending()
    # And nothing of it is left for the next one.
    within(lambda: rename(theme, "Later"))
    assert logged()[len(before) :] == [f"snippet {theme.pk}"]


def test_the_log_is_written_in_the_last_moment(django_assert_num_queries: Any) -> None:
    theme = factories.ThemeFactory()
    version = ChangeLog.objects.get().version
    with django_transaction.atomic():
        rename(theme, "After")
        assert is_pending()
        assert ChangeLog.objects.get().version == version
        statements: list[str] = []

        def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            statements.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(watch):
            assert Theme.objects.get().name == "After"
        assert statements
        assert not any("changelog" in sql for sql in statements)
    assert ChangeLog.objects.get().version > version


def test_a_savepoint_takes_back_what_was_done_in_it_alone() -> None:
    kept, undone, last = (factories.ThemeFactory() for _ in range(3))
    before = logged()
    with django_transaction.atomic():
        rename(kept, "Kept")
        take_back(lambda: rename(undone, "Undone"))
        rename(last, "Last")
    assert logged()[len(before) :] == [f"snippet {kept.pk}", f"snippet {last.pk}"]


def test_a_thread_with_a_copied_context_logs_what_it_changes() -> None:
    # `asgiref` and pools of threads copy the context of whoever starts them; the connection is another one.
    theme, other = factories.ThemeFactory(), factories.ThemeFactory()
    before = logged()
    with transaction():
        context = contextvars.copy_context()
        rename(theme, "Here")
        if connection.vendor == "postgresql":
            # SQLite lets nobody else write until this is committed.
            Elsewhere(lambda: context.run(rename, other, "From elsewhere")).join()
            assert logged()[len(before) :] == [f"snippet {other.pk}"]
    # What the context was copied from is over, and the change is logged all the same.
    before = logged()
    Elsewhere(lambda: context.run(rename, other, "Later")).join()
    assert logged()[len(before) :] == [f"snippet {other.pk}"]


@pytest.mark.parametrize("error", [Broken, IntegrityError])
def test_a_log_that_cannot_be_written_takes_the_change_back(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = factories.ThemeFactory(name="Before")
    before = logged()

    def fail(made: Any) -> None:
        # In the middle of writing.
        writing.write(made)
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(unit_of_work, "write", fail)
        with pytest.raises(error), django_transaction.atomic():
            rename(theme, "After")
    assert Theme.objects.get().name == "Before"
    assert logged() == before
    # The connection is as it was, and so is its commit.
    assert "commit" not in connection.__dict__
    assert connection.get_autocommit()
    with django_transaction.atomic():
        rename(theme, "Later")
    assert logged()[len(before) :] == [f"snippet {theme.pk}"]


def test_what_is_to_be_done_afterwards_is_done_once_and_after_the_commit() -> None:
    done: list[str] = []

    def act(name: str) -> None:
        assert not connection.in_atomic_block
        done.append(name)

    with django_transaction.atomic():
        after_commit("one", lambda: act("one"))
        after_commit("one", lambda: act("one again"))
        after_commit("two", lambda: act("two"))
        assert done == []
    assert done == ["one again", "two"]
    take_back(lambda: after_commit("three", lambda: act("three")))
    with django_transaction.atomic():
        after_commit("four", lambda: act("four"))
        take_back(lambda: after_commit("four", lambda: act("four, taken back")))
        take_back(lambda: after_commit("five", lambda: act("five, taken back")))
    assert done == ["one again", "two", "four"]
    after_commit("five", lambda: act("five"))
    assert done[-1] == "five"


def test_what_fails_afterwards_holds_up_nothing(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def fail() -> None:
        raise Broken

    theme = factories.ThemeFactory()
    with django_transaction.atomic():
        rename(theme, "After")
        after_commit("one", fail)
        after_commit("two", lambda: done.append("two"))
    assert done == ["two"]
    assert Theme.objects.get().name == "After"
    assert "Broken" in caplog.text


def test_a_change_that_is_made_after_the_commit_is_logged_too() -> None:
    theme, other = factories.ThemeFactory(), factories.ThemeFactory()
    before = logged()
    with django_transaction.atomic():
        rename(theme, "After")
        django_transaction.on_commit(lambda: rename(other, "After the commit"))
    assert logged()[len(before) :] == [f"snippet {theme.pk}", f"snippet {other.pk}"]


def test_a_connection_that_is_lost_takes_nothing_along() -> None:
    theme = factories.ThemeFactory(name="Before")
    before = logged()

    def lose() -> None:
        rename(theme, "After")
        connection.close()

    take_back(lose)
    assert Theme.objects.get().name == "Before"
    with django_transaction.atomic():
        rename(theme, "Later")
    assert logged()[len(before) :] == [f"snippet {theme.pk}"]


def test_what_others_put_in_the_place_of_the_commit_stays_there() -> None:
    theme = factories.ThemeFactory()
    before = logged()
    commit, counted = connection.commit, []

    def count() -> None:
        counted.append(1)
        commit()

    # As instruments do which measure how long a commit takes.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "commit", count)
        for name in ("One", "Two"):
            with django_transaction.atomic():
                rename(theme, name)
        assert connection.commit is count
    # The index is written in transactions of its own.
    assert len(counted) >= 2
    assert logged()[len(before) :] == [f"snippet {theme.pk}"] * 2
    with django_transaction.atomic():
        rename(theme, "Three")
    assert logged()[len(before) :] == [f"snippet {theme.pk}"] * 3


def test_what_is_put_there_during_a_transaction_stays_too() -> None:
    theme = factories.ThemeFactory()
    before = logged()
    for name in ("One", "Two"):
        with django_transaction.atomic():
            rename(theme, name)
            commit = connection.commit
            connection.commit = lambda commit=commit: commit()  # type: ignore[method-assign, misc]
    assert logged()[len(before) :] == [f"snippet {theme.pk}"] * 2
