"""What a cache has still to be purged of: never less than what has changed since."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontend_api.changes.models import Change, Kind
from frontend_api.purging import owed as module
from frontend_api.purging.models import PurgeTarget
from frontend_api.purging.owed import SETTLING, Owed, owed

NOW = timezone.now()
LONG_AGO = 2 * SETTLING.total_seconds()
EVERYTHING = frozenset({"*"})


def write(first: int, *changes: tuple[float, Sequence[str]]) -> None:
    """Write changes, each made so many seconds ago and with these tags."""
    Change.objects.bulk_create(
        Change(
            version=version,
            kind=Kind.OTHER,
            tags=list(tags),
            made_at=NOW - timedelta(seconds=seconds),
        )
        for version, (seconds, tags) in enumerate(changes, first)
    )


def row(purged: int | None, settled: int | None) -> PurgeTarget:
    return PurgeTarget(name="cdn", purged=purged, settled=settled)


@pytest.mark.usefixtures("log")
class TestOwed:
    def test_a_cache_that_was_never_purged_may_hold_anything(self) -> None:
        assert owed(row(None, None), 0, NOW) == Owed(0, 0, EVERYTHING)
        write(1, (LONG_AGO, ["a"]), (1, ["b"]))
        assert owed(row(None, None), 2, NOW) == Owed(2, 1, EVERYTHING)

    def test_a_change_is_purged_at_once_and_again_when_all_is_settled(self) -> None:
        write(1, (1, ["a", "b"]))
        assert owed(row(0, 0), 1, NOW) == Owed(1, 0, frozenset("ab"))
        assert owed(row(1, 0), 1, NOW) is None
        later = NOW + SETTLING
        assert owed(row(1, 0), 1, later) == Owed(1, 1, frozenset("ab"))
        assert owed(row(1, 1), 1, later) is None

    def test_a_purge_repeats_what_has_not_settled(self) -> None:
        write(1, (LONG_AGO, ["a"]), (30, ["b"]), (1, ["c"]))
        assert owed(row(2, 1), 3, NOW) == Owed(3, 1, frozenset("bc"))
        assert owed(row(2, 0), 3, NOW) == Owed(3, 1, frozenset("abc"))

    def test_a_change_of_everything_says_so_alone(self) -> None:
        write(1, (1, ["a"]), (1, ["*", "b"]))
        assert owed(row(0, 0), 2, NOW) == Owed(2, 0, EVERYTHING)

    def test_what_was_pruned_may_have_been_anything(self) -> None:
        write(5, (LONG_AGO, ["a"]), (LONG_AGO, ["b"]))
        assert owed(row(3, 3), 6, NOW) == Owed(6, 6, EVERYTHING)
        assert owed(row(4, 4), 6, NOW) == Owed(6, 6, frozenset("ab"))

    def test_too_much_is_everything(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write(1, (LONG_AGO, ["a", "b"]), (LONG_AGO, ["c"]))
        monkeypatch.setattr(module, "MOST_TAGS", 2)
        assert owed(row(0, 0), 2, NOW) == Owed(2, 2, EVERYTHING)
        monkeypatch.undo()
        monkeypatch.setattr(module, "MOST_CHANGES", 1)
        assert owed(row(0, 0), 2, NOW) == Owed(2, 2, EVERYTHING)

    def test_a_clock_that_was_set_back_settles_nothing_early(self) -> None:
        write(1, (LONG_AGO, ["a"]), (1, ["b"]), (LONG_AGO, ["c"]))
        assert owed(row(3, 0), 3, NOW) == Owed(3, 1, frozenset("abc"))

    @settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        ages=st.lists(st.floats(0, 200), min_size=1, max_size=6),
        purged=st.integers(0, 6),
        settled=st.integers(0, 6),
    )
    def test_all_that_is_not_settled_is_owed(
        self, ages: list[float], purged: int, settled: int
    ) -> None:
        Change.objects.all().delete()
        newest = len(ages)
        write(1, *((age, [str(version)]) for version, age in enumerate(ages, 1)))
        purged = min(purged, newest)
        settled = min(settled, purged)
        due: Any = owed(row(purged, settled), newest, NOW)
        if due is None:
            assert purged == newest
            due = Owed(newest, settled, frozenset())
            assert settled == newest or ages[settled] < SETTLING.total_seconds()
        else:
            assert due.tags == {str(version) for version in range(settled + 1, newest + 1)}
        assert settled <= due.settled <= due.purged == newest
        assert all(age >= SETTLING.total_seconds() for age in ages[settled : due.settled])
