"""The transaction of a request is ended while something is waited for, and is one transaction all the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from taggit.models import Tag

from frontend_api.changes.pausing import (
    ChangedMeanwhileError,
    is_waited_for,
    pausable,
    paused,
)
from tests.threads import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


class FailedError(Exception):
    """What goes wrong in a test."""


@contextmanager
def failing(fails: bool = True) -> Iterator[None]:
    """Expect the error of a test, if there is to be one."""
    if not fails:
        yield
        return
    with pytest.raises(FailedError):
        yield


def names() -> set[str]:
    """Return the names of all tags."""
    return set(Tag.objects.values_list("name", flat=True))


def elsewhere(act: Callable[[], Any]) -> None:
    """Do something on another connection, and wait until it is done."""
    Elsewhere(act).join()


def test_others_write_meanwhile() -> None:
    with pausable():
        assert is_waited_for()
        assert not names()
        with paused(Tag()) as pause:
            assert pause is not None
            assert not connection.in_atomic_block
            assert not is_waited_for()
            elsewhere(lambda: Tag.objects.create(name="theirs", slug="theirs"))
        assert connection.in_atomic_block
        Tag.objects.create(name="ours", slug="ours")
    assert not is_waited_for()
    assert names() == {"theirs", "ours"}


@pytest.mark.parametrize("is_deleted", [True, False])
def test_what_is_changed_meanwhile_is_not_overwritten(is_deleted: bool) -> None:
    tag = Tag.objects.create(name="harbour", slug="harbour")
    rows = Tag.objects.filter(pk=tag.pk)
    with pytest.raises(ChangedMeanwhileError), pausable(), paused(tag):
        elsewhere(rows.delete if is_deleted else lambda: rows.update(name="port"))
    assert names() == (set() if is_deleted else {"port"})


def test_what_is_as_it_was_is_locked_until_the_end() -> None:
    tag = Tag.objects.create(name="harbour", slug="harbour")
    with pausable():
        with paused(tag) as pause:
            assert pause is not None
        if connection.vendor == "postgresql":
            with paused(tag) as again:
                assert again is None
        tag.name = "port"
        tag.save()
    assert names() == {"port"}


@pytest.mark.parametrize(
    "before",
    [
        lambda: Tag.objects.create(name="first", slug="first"),
        lambda: Tag.objects.filter(pk=0).update(name="none"),
        lambda: transaction.on_commit(lambda: None),
    ],
)
def test_what_has_begun_is_not_torn_apart(before: Callable[[], Any]) -> None:
    with failing(), pausable():
        before()
        with paused(Tag()) as pause:
            assert pause is None
            assert connection.in_atomic_block
        raise FailedError
    assert not names()


def test_a_transaction_within_or_around_is_not_ended() -> None:
    with pausable(), transaction.atomic(), paused(Tag()) as pause:
        assert pause is None
    with transaction.atomic(), pausable(), paused(Tag()) as pause:
        assert pause is None
    with paused(Tag()) as pause:
        assert pause is None
        assert not connection.in_atomic_block


def test_an_error_while_it_waits_leaves_nothing_behind() -> None:
    over: list[str] = []
    with failing(), pausable():
        try:
            with paused(Tag()) as pause:
                assert pause is not None
                pause.when_over(lambda: over.append("over"))
                raise FailedError
        except FailedError:
            # Whoever goes on does so in the transaction.
            Tag.objects.create(name="after", slug="after")
            assert not over
            raise
    assert over == ["over"]
    assert not names()


STEPS = st.lists(st.sampled_from(["write", "read", "pause", "nested", "handled"]), max_size=8)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, fails=st.booleans())
def test_whatever_is_done_in_between_all_of_it_is_committed_or_nothing(
    steps: list[str], fails: bool
) -> None:
    Tag.objects.all().delete()
    written: set[str] = set()

    def write(name: str) -> None:
        Tag.objects.create(name=name, slug=name)
        written.add(name)

    with failing(fails), pausable():
        for place, step in enumerate(steps):
            if step == "write":
                write(f"tag-{place}")
            elif step == "read":
                assert names() == written
            elif step == "nested":
                with transaction.atomic():
                    write(f"nested-{place}")
            elif step == "handled":
                with failing(), paused(Tag()):
                    raise FailedError
            else:
                with paused(Tag()) as pause:
                    assert (pause is None) == bool(written)
        if fails:
            raise FailedError
    assert names() == (set() if fails else written)
