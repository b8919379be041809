"""However changes, purges that fail and crashes follow each other: what was purged was purged of everything before."""

from typing import Any, ClassVar

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontend_api.caching.cdn.models import PurgeTarget
from frontend_api.caching.cdn.pending import SETTLING
from frontend_api.caching.cdn.purger import purge
from frontend_api.changes.models import Change, ChangeLog
from frontend_api.changes.pruning import prune
from frontend_api.changes.surrogate_keys import of_everything, surrogate_keys
from tests.frontend_api.caching.scene import change


class Flaky:
    """A cache that may fail before it purges anything, or after it has."""

    held: ClassVar[set[str]] = set()
    fails: ClassVar[str | None] = None

    def __init__(self, params: Any) -> None:
        pass

    def purge_tags(self, names: list[str]) -> None:
        if self.fails == "before":
            raise ConnectionError("no")
        everything = set(surrogate_keys("*")) & set(names)
        self.held.difference_update(self.held.copy() if everything else names)
        if self.fails == "after":
            raise ConnectionError("no answer")


@pytest.mark.usefixtures("log")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["change", "ok", "before", "after", "prune"]), max_size=12))
def test_what_a_cache_is_purged_up_to_it_no_longer_holds(steps: list[str], settings: Any) -> None:
    settings.WAGTAILFRONTENDCACHE = {"cdn": {"BACKEND": f"{__name__}.Flaky"}}
    Change.objects.all().delete()
    PurgeTarget.objects.all().delete()
    ChangeLog.objects.update(version=0, stamp=0)
    Flaky.held.clear()
    changes = 0
    for step in [*steps, "ok"]:
        if step == "change":
            changes += 1
            change(f"tag:{changes}")
            Flaky.held.update(surrogate_keys([f"tag:{changes}"]))
        elif step == "prune":
            last = Change.objects.last()
            if last is not None:
                prune(last.made_at)
        else:
            Flaky.fails = None if step == "ok" else step
            purge(5, rest=False)
            if step == "ok":
                assert PurgeTarget.objects.get().purged == changes
                assert not Flaky.held


class Holding(Flaky):
    """A cache that keeps what it was purged by."""

    heard: ClassVar[list[set[str]]] = []

    def purge_tags(self, names: list[str]) -> None:
        assert len(set(names)) == len(names)
        super().purge_tags(names)
        self.heard.append({*names})


@pytest.mark.once
@pytest.mark.usefixtures("log")
def test_after_a_new_key_everything_is_purged_by_the_name_that_it_had(settings: Any) -> None:
    """At once, and again once what was then being fetched has arrived; then never more, and after a failure again."""
    settings.WAGTAILFRONTENDCACHE = {"cdn": {"BACKEND": f"{__name__}.Holding"}}
    Flaky.fails = None
    Holding.heard.clear()
    settings.SECRET_KEY = "first"
    before = of_everything()
    change("page:1")
    purge(5, rest=False)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second", ["first"]
    Holding.heard.clear()
    assert not purge(5, rest=False)
    # The first is dropped: from here on, answers have other names.
    settings.SECRET_KEY_FALLBACKS = []
    after = of_everything()
    assert after != before
    Flaky.fails = "before"
    purge(5, rest=False)
    assert not Holding.heard
    Flaky.fails = None
    purge(5, rest=False)
    assert Holding.heard.pop() == {before, after}
    assert not purge(5, rest=False)
    [row] = PurgeTarget.objects.all()
    assert row.settled <= row.purged
    with_time = timezone.now() + SETTLING
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: with_time)
        purge(5, rest=False)
        assert Holding.heard.pop() == {before, after}
        assert not purge(5, rest=False)
        change("page:2")
        purge(5, rest=False)
    assert not Holding.heard.pop() & {before, after}
    assert [name for name, at in PurgeTarget.objects.get().names] == [before, after]
