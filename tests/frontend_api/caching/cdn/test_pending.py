"""What a cache has still to be purged of: never less than what has changed since."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontend_api.caching.cdn import pending as module
from frontend_api.caching.cdn.models import PurgeTarget
from frontend_api.caching.cdn.pending import SETTLING, STEP, PendingPurge, pending
from frontend_api.changes.models import Change, Kind

NOW = timezone.now()
EVERYTHING = frozenset({"*"})


def write(first: int, *changes: Sequence[str]) -> None:
    """Write changes with these tags, each of which says that it was made long ago, and is here only now."""
    Change.objects.bulk_create(
        Change(version=version, kind=Kind.OTHER, tags=list(tags), made_at=NOW - timedelta(days=1))
        for version, tags in enumerate(changes, first)
    )


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def row(purged: int | None, settled: int | None, *seen: tuple[int, float]) -> PurgeTarget:
    """Return a cache, with the versions that were seen and how many seconds before now that was."""
    noted = [[version, after(-seconds).isoformat()] for version, seconds in seen]
    return PurgeTarget(name="cdn", purged=purged, settled=settled, seen=noted)


@pytest.mark.usefixtures("log")
class TestOwed:
    def test_a_cache_that_was_never_purged_may_hold_anything(self) -> None:
        assert pending(row(None, None), 0, NOW) == PendingPurge(0, 0, EVERYTHING)
        write(1, ["a"], ["b"])
        due = pending(row(None, None), 2, NOW)
        assert due == PendingPurge(2, 0, EVERYTHING)
        assert due.seen == [(2, NOW)]

    def test_a_change_is_purged_at_once_and_again_a_minute_after_it_was_seen(self) -> None:
        write(1, ["a", "b"])
        due = pending(row(0, 0), 1, NOW)
        assert due == PendingPurge(1, 0, frozenset("ab"))
        assert due.seen == [(1, NOW)]
        assert pending(row(1, 0, (1, 0)), 1, after(59)) is None
        settled = pending(row(1, 0, (1, 0)), 1, after(60))
        assert settled == PendingPurge(1, 1, frozenset("ab"))
        assert pending(row(1, 1), 1, after(60)) is None

    def test_a_purge_repeats_what_has_not_settled(self) -> None:
        write(1, ["a"], ["b"], ["c"])
        assert pending(row(2, 1, (2, 30)), 3, NOW) == PendingPurge(3, 1, frozenset("bc"))
        due = pending(row(2, 0, (1, 70), (2, 30)), 3, NOW)
        assert due == PendingPurge(3, 1, frozenset("abc"))
        assert due.seen == [(2, after(-30)), (3, NOW)]

    def test_what_was_purged_by_a_version_that_noted_nothing_down_is_purged_again(self) -> None:
        write(1, ["a"], ["b"])
        due = pending(row(2, 1), 2, NOW)
        assert due == PendingPurge(2, 1, frozenset("b"))
        assert due.seen == [(2, NOW)]

    def test_a_change_of_everything_says_so_alone(self) -> None:
        write(1, ["a"], ["*", "b"])
        assert pending(row(0, 0), 2, NOW) == PendingPurge(2, 0, EVERYTHING)

    def test_what_was_pruned_may_have_been_anything(self) -> None:
        write(5, ["a"], ["b"])
        assert pending(row(3, 3), 6, NOW) == PendingPurge(6, 3, EVERYTHING)
        assert pending(row(4, 4), 6, NOW) == PendingPurge(6, 4, frozenset("ab"))

    def test_too_much_is_everything(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write(1, ["a", "b"], ["c"])
        monkeypatch.setattr(module, "MOST_TAGS", 2)
        assert pending(row(0, 0), 2, NOW) == PendingPurge(2, 0, EVERYTHING)
        monkeypatch.undo()
        monkeypatch.setattr(module, "MOST_CHANGES", 1)
        assert pending(row(0, 0), 2, NOW) == PendingPurge(2, 0, EVERYTHING)

    def test_a_clock_that_was_set_back_settles_nothing_early(self) -> None:
        write(1, ["a"])
        assert pending(row(1, 0, (1, -3600)), 1, NOW) is None

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        steps=st.lists(
            st.tuples(st.floats(0, 50), st.integers(0, 2), st.booleans()), min_size=1, max_size=30
        )
    )
    def test_a_cache_is_settled_of_a_change_once_it_was_purged_a_minute_after_it(
        self, steps: list[tuple[float, int, bool]]
    ) -> None:
        """What was fetched before a change arrives within a minute, and is not held for long by a settled cache."""
        Change.objects.all().delete()
        cache = row(None, None)
        time, committed, purged_at = 0.0, {}, {}
        # In the end nothing changes any more, and the purge runs every minute.
        for seconds, changes, purges in [*steps, *[(61.0, 0, True)] * 2]:
            time += seconds
            for _ in range(changes):
                version = len(committed) + 1
                committed[version] = time
                write(version, [str(version)])
            due = pending(cache, len(committed), after(time)) if purges else None
            if due is None:
                continue
            for version in committed:
                if due.tags & {str(version), "*"}:
                    purged_at[version] = time
            cache.purged, cache.settled = due.purged, due.settled
            cache.seen = [[version, at.isoformat()] for version, at in due.seen]
            assert cache.settled <= cache.purged == len(committed)
            assert len(cache.seen) <= 2 + SETTLING / STEP
            for version in range(1, cache.settled + 1):
                assert purged_at[version] >= committed[version] + SETTLING.total_seconds()
        assert cache.settled == len(committed)
