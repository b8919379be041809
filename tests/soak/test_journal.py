"""A fault excuses the answers of its time, and no others."""

import time

import pytest

from .journal import LOST, Asked, Journal

pytestmark = pytest.mark.once


def test_a_fault_excuses_what_was_waited_for_meanwhile_and_nothing_else() -> None:
    journal = Journal()
    now = time.monotonic()
    journal.note(Asked("read", now - 10, 1, 503))
    journal.note(Asked("read", now - 10, 11, 503))
    with journal.window("the database is restarted", 503):
        journal.note(Asked("read", time.monotonic(), 0.1, 503))
        journal.note(Asked("read", time.monotonic(), 0.1, 500))
        journal.note(Asked("read", time.monotonic(), 0.1, LOST))
        journal.note(Asked("read", time.monotonic(), 0.1, 200))
    journal.note(Asked("read", time.monotonic() + 1, 0.1, 503))
    assert [one.status for one in journal.unexcused()] == [503, 500, LOST, 503]
    assert journal.times() == {"read": (1, 100.0, 100.0)}


def test_what_is_lost_or_stale_is_never_excused() -> None:
    journal = Journal()
    with journal.window("the database is restarted", 503):
        journal.tell("page 7 is stale")
    assert len(journal.wrong) == 1
    assert "page 7 is stale" in journal.wrong[0]
