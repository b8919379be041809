"""A log that is put back, or goes on from a copy that lacks the last changes: what was kept of the other is unknown."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import caches
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontend_api.changes import versions
from frontend_api.changes.models import Change, ChangeLog, Kind
from frontend_api.changes.pruning import prune
from frontend_api.changes.transaction import log
from frontend_api.changes.versions import TagVersions
from frontend_api.changes.writing import PendingChange
from frontend_api.dependencies import validity
from frontend_api.dependencies.memo import Memo
from frontend_api.dependencies.tracker import Dependencies
from tests.frontend_api.caching.scene import Asking, Scene

PLACES = ("thing", "other")


@dataclass
class Backup:
    """All of the database that matters here: the log, and what is shown."""

    texts: dict[str, int]
    log: list[Any] = field(default_factory=lambda: list(ChangeLog.objects.values()))
    changes: list[Any] = field(default_factory=lambda: list(Change.objects.values()))

    def put_back(self) -> dict[str, int]:
        """Make the database what it was, and return what is shown then."""
        ChangeLog.objects.all().delete()
        Change.objects.all().delete()
        ChangeLog.objects.bulk_create(ChangeLog(**row) for row in self.log)
        Change.objects.bulk_create(Change(**row) for row in self.changes)
        return dict(self.texts)


STEPS = st.one_of(
    st.tuples(st.just("change"), st.sampled_from(PLACES)),
    st.tuples(st.just("change"), st.sampled_from(PLACES)),
    st.tuples(st.just("change nothing"), st.just("")),
    st.tuples(st.just("back up"), st.just("")),
    st.tuples(st.just("put back"), st.integers(0, 5)),
    st.tuples(st.just("put back"), st.integers(0, 5)),
    st.tuples(st.just("start anew"), st.just("")),
    st.tuples(st.just("prune"), st.just("")),
)


@given(steps=st.lists(STEPS, min_size=4, max_size=25))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_is_stale_whatever_log_is_put_back(
    scene: Scene, ask_wsgi: Asking, steps: list[tuple[str, Any]]
) -> None:
    texts = dict.fromkeys(PLACES, 0)
    written = 0
    backups = [Backup(dict(texts))]
    caches["api"].clear()

    def check() -> None:
        for place in PLACES:
            scene.text, scene.tags = str(texts[place]), {place}
            assert ask_wsgi(f"/api/v2/{place}/").body == scene.text.encode()

    with pytest.MonkeyPatch.context() as patch:
        for what, which in steps:
            check()
            if what == "change":
                # No two texts are the same, whatever is put back.
                written += 1
                texts[which] = written
                log(PendingChange(Kind.OTHER, tags={which}))
            elif what == "change nothing":
                log(PendingChange(Kind.OTHER, tags={"what nobody shows"}))
            elif what == "back up":
                backups.append(Backup(dict(texts)))
            elif what == "put back":
                texts = backups[which % len(backups)].put_back()
            elif what == "prune":
                prune(timezone.now())
            else:
                # A process that knows of no version, with a cache that others have filled.
                patch.setattr(validity, "tag_versions", TagVersions())
            check()


def restored(change: Callable[[], None]) -> None:
    """Put the log back to where it stands now, after something was read that it does not know then."""
    backup = Backup({})
    change()
    backup.put_back()


def test_an_entry_that_is_newer_than_the_log_is_not_served(ask: Asking, scene: Scene) -> None:
    scene.text = "restored"

    def publish_and_read() -> None:
        log(PendingChange(Kind.OTHER, tags={"page:1"}))
        scene.text = "lost"
        assert ask().body == b"lost"

    restored(publish_and_read)
    scene.text = "restored"
    assert ask().body == b"restored"
    # The next change has the version of the one that was lost.
    log(PendingChange(Kind.OTHER, tags={"page:2"}))
    assert ask().body == b"restored"


def test_an_entry_of_a_change_that_was_lost_is_not_served_at_the_same_version(
    ask: Asking, scene: Scene
) -> None:
    def publish_and_read() -> None:
        log(PendingChange(Kind.OTHER, tags={"page:1"}))
        scene.text = "lost"
        ask()

    restored(publish_and_read)
    lost = versions.current()
    log(PendingChange(Kind.OTHER, tags={"page:2"}))
    scene.text = "restored"
    assert versions.current().version == lost.version + 1
    assert ask().body == b"restored"


@pytest.mark.django_db
def test_a_fact_of_a_change_that_was_lost_is_not_remembered() -> None:
    facts = Memo()

    def find() -> None:
        log(PendingChange(Kind.OTHER, tags={"page:1"}))
        facts.keep("total", 2, versions.current(), Dependencies())
        assert facts.recall("total", versions.current())

    restored(find)
    assert facts.recall("total", versions.current()) is None
    log(PendingChange(Kind.OTHER, tags={"page:2"}))
    assert facts.recall("total", versions.current()) is None
