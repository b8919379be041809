"""Once a change is committed, the caches in front are purged of it, and nobody's request fails or waits for long."""

import logging
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db import transaction as django_transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend

from cms.models import Theme
from frontend_api.caching.cdn import tasks
from frontend_api.caching.cdn.models import PurgeTarget
from frontend_api.caching.cdn.purger import purge
from frontend_api.caching.wsgi import ResponseCache
from frontend_api.changes.models import Kind
from frontend_api.changes.transaction import invalidate_all, log, transaction
from frontend_api.changes.writing import PendingChange
from tests.configure import configure
from tests.factories import ContentPageFactory
from tests.frontend_api.caching.cdn.conftest import BACKENDS, CacheServer, names_of
from tests.frontend_api.caching.scene import Asking

pytestmark = pytest.mark.usefixtures("transactional_db", "log")


class BrokenQueue(BaseTaskBackend):
    """A queue whose server is gone."""

    def enqueue(self, *args: Any, **options: Any) -> Any:
        raise ConnectionError("The queue is gone.")


def change(*tags: str) -> None:
    """Commit a change with these tags."""
    with transaction():
        log(PendingChange(Kind.OTHER, object_type="x", object_id=tags[0], tags=set(tags)))


def start(server: CacheServer) -> PurgeTarget:
    """Purge everything once, as a cache is that is new."""
    purge(5)
    [asked] = server.heard()
    assert set(asked.names) == names_of("*") - names_of()
    return PurgeTarget.objects.get()


def test_a_change_is_purged_when_it_is_committed(tagged: CacheServer) -> None:
    start(tagged)
    with transaction():
        change("page:1", "x.y")
        assert not tagged.asked
    [asked] = tagged.heard()
    assert set(asked.names) == names_of("page:1", "x.y")


def test_what_is_rolled_back_is_not_purged(tagged: CacheServer) -> None:
    start(tagged)
    with django_transaction.atomic():
        change("page:1")
        django_transaction.set_rollback(True)
    assert not tagged.heard()


def test_what_an_editor_changes_is_purged_where_it_is_shown(
    tagged: CacheServer, settings: Any, admin_client: Any
) -> None:
    """The names in the header of the response are those that the cache is asked to purge."""
    configure(settings, S_MAXAGE=60)
    theme = Theme.objects.create(name="Water")
    page = ContentPageFactory(title="Shown")
    other = ContentPageFactory(title="Other")
    ask = Asking(ResponseCache(get_wsgi_application()))
    held = {
        one.pk: set(ask(f"/api/v2/pages/{one.pk}/").headers["Surrogate-Key"].split())
        for one in (page, other)
    }
    purge(5)
    # As if they had been there for long.
    PurgeTarget.objects.update(settled=F("purged"))
    tagged.heard()
    with transaction():
        page.title = "Changed"
        page.save_revision().publish()
    heard = {name for asked in tagged.heard() for name in asked.names}
    assert heard & held[page.pk]
    assert not heard & held[other.pk]
    # A form of the admin is a request like any other.
    form = {"name": "Rain", "slug": "rain"}
    edited = admin_client.post(
        reverse(theme.snippet_viewset.get_url_name("edit"), args=[theme.pk]), form
    )
    assert edited.status_code == 302
    assert tagged.heard()


def test_a_cache_that_fails_fails_no_change(
    tagged: CacheServer, caplog: pytest.LogCaptureFixture
) -> None:
    before = start(tagged)
    tagged.status = 503
    change("page:1")
    row = PurgeTarget.objects.get()
    assert (row.purged, row.settled) == (before.purged, before.settled)
    assert (row.attempts, row.last_error) == (1, "PurgeFailed: 503 Service Unavailable")
    assert row.failing_since is not None
    assert row.next_attempt_at is not None
    assert (
        "The cache cdn cannot be purged, and may serve what is old: PurgeFailed: 503" in caplog.text
    )


def test_a_cache_that_fails_is_left_alone_for_longer_each_time(tagged: CacheServer) -> None:
    start(tagged)
    tagged.status = 500
    change("page:1")
    rests = []
    for attempt in range(1, 8):
        row = PurgeTarget.objects.get()
        assert row.attempts == attempt
        assert len(tagged.heard()) == 1
        # Neither another change nor the command asks it before its time.
        change("page:2")
        assert not purge(5)
        assert not tagged.heard()
        rests.append(row.next_attempt_at - row.failing_since)
        PurgeTarget.objects.update(next_attempt_at=timezone.now(), failing_since=timezone.now())
        purge(5)
    seconds = [round(rest.total_seconds()) for rest in rests]
    assert seconds == [15, 30, 60, 120, 240, 300, 300]


def test_what_failed_is_purged_with_the_next_change(
    tagged: CacheServer, caplog: pytest.LogCaptureFixture
) -> None:
    start(tagged)
    tagged.status = 500
    change("page:1")
    tagged.heard()
    tagged.status = 204
    PurgeTarget.objects.update(next_attempt_at=timezone.now())
    change("page:2")
    [asked] = tagged.heard()
    assert set(asked.names) >= names_of("page:1", "page:2")
    row = PurgeTarget.objects.get()
    assert (row.attempts, row.failing_since, row.next_attempt_at, row.last_error) == (
        0,
        None,
        None,
        "",
    )
    assert "The cache cdn is purged again." in caplog.text


def test_a_cache_that_hangs_costs_no_more_than_the_patience(
    tagged: CacheServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(tagged)
    monkeypatch.setattr(tasks, "PATIENCE", 0.3)
    tagged.is_awake.clear()
    began = time.monotonic()
    change("page:1")
    assert time.monotonic() - began < 3
    assert PurgeTarget.objects.get().last_error == "It does not answer in time."


def test_one_cache_that_hangs_holds_up_no_other(
    tagged: CacheServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    http = settings.WAGTAILFRONTENDCACHE["cdn"]
    settings.WAGTAILFRONTENDCACHE = {
        "a": {"BACKEND": f"{__name__}.Sleeping"},
        "cdn": http,
        "z": {"BACKEND": f"{__name__}.Sleeping"},
    }
    monkeypatch.setattr(tasks, "PATIENCE", 0.3)
    began = time.monotonic()
    change("page:1")
    assert time.monotonic() - began < 3
    assert len(tagged.heard()) == 1
    failing = {row.name for row in PurgeTarget.objects.exclude(failing_since=None)}
    assert failing == {"a", "z"}


class Sleeping:
    """A cache whose name leads nowhere for a long time."""

    def __init__(self, params: Any) -> None:
        pass

    def purge_tags(self, names: list[str]) -> None:
        time.sleep(2)


def test_a_crash_after_the_commit_loses_no_purge(tagged: CacheServer, settings: Any) -> None:
    start(tagged)
    caches, settings.WAGTAILFRONTENDCACHE = settings.WAGTAILFRONTENDCACHE, {}
    # Committed by a process that does not come to purge anything.
    change("page:1")
    settings.WAGTAILFRONTENDCACHE = caches
    call_command("purge_cdn", verbosity=0)
    [asked] = tagged.heard()
    assert set(asked.names) == names_of("page:1")


def test_a_queue_that_fails_fails_no_change(
    tagged: CacheServer, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    start(tagged)
    settings.TASKS = {"default": {"BACKEND": f"{__name__}.BrokenQueue"}}
    with caplog.at_level(logging.ERROR, "frontend_api.purging.tasks"):
        change("page:1")
    assert "Purging could not be handed to a worker" in caplog.text
    purge(5)
    assert len(tagged.heard()) == 1


def test_invalidating_all_purges_everything(tagged: CacheServer) -> None:
    start(tagged)
    invalidate_all()
    [asked] = tagged.heard()
    assert set(asked.names) == names_of("*") - names_of()


def test_what_is_purged_is_purged_again_when_it_has_settled(
    tagged: CacheServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(tagged)
    change("page:1")
    first = tagged.heard()
    assert not purge(5)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(seconds=61))
    assert purge(5)
    assert [one.names for one in tagged.heard()] == [one.names for one in first]
    assert not purge(5)


def test_a_purge_that_is_overtaken_takes_nothing_back(tagged: CacheServer, settings: Any) -> None:
    """While one process waits for a cache, another one goes on; whichever ends last, nothing is skipped."""
    start(tagged)
    settings.WAGTAILFRONTENDCACHE["slow"] = {"BACKEND": f"{__name__}.Overtaken"}
    Overtaken.heard, Overtaken.fails = [], False
    Overtaken.meanwhile = lambda: change("page:2")
    change("page:1")
    rows = PurgeTarget.objects.in_bulk(field_name="name")
    # Both had begun with everything, as the cache is new; the second is further.
    assert rows["slow"].purged == rows["cdn"].purged
    Overtaken.fails = True
    Overtaken.meanwhile = lambda: change("page:4")
    change("page:3")
    row = PurgeTarget.objects.get(name="slow")
    assert row.purged == PurgeTarget.objects.get(name="cdn").purged
    assert row.failing_since is None
    assert Overtaken.heard[-1] >= names_of("page:3", "page:4")


class Overtaken:
    """A cache during whose purge something happens, once."""

    heard: list[set[str]] = []
    fails = False
    meanwhile: Any = None

    def __init__(self, params: Any) -> None:
        pass

    def purge_tags(self, names: list[str]) -> None:
        meanwhile, Overtaken.meanwhile = Overtaken.meanwhile, None
        if meanwhile is not None:
            try:
                meanwhile()
            finally:
                connection.close()
            if Overtaken.fails:
                raise ConnectionError("too late")
        Overtaken.heard.append(set(names))


def test_the_command_says_what_it_did_and_what_is_wrong(
    tagged: CacheServer, capsys: pytest.CaptureFixture[str]
) -> None:
    start(tagged)
    call_command("purge_cdn")
    assert capsys.readouterr().out == ""
    tagged.status = 500
    change("page:1")
    with pytest.raises(CommandError, match=r"Not purged, .*: cdn \(since .* UTC\): .*500 Internal"):
        call_command("purge_cdn")
    tagged.status = 200
    with pytest.raises(CommandError):
        call_command("purge_cdn")
    call_command("purge_cdn", "--now")
    version = PurgeTarget.objects.get().purged
    assert capsys.readouterr().out == f"cdn: purged up to version {version}.\n"


def test_a_cache_that_comes_back_is_purged_of_everything(
    tagged: CacheServer, settings: Any
) -> None:
    start(tagged)
    caches, settings.WAGTAILFRONTENDCACHE = settings.WAGTAILFRONTENDCACHE, {}
    call_command("purge_cdn")
    assert not PurgeTarget.objects.exists()
    settings.WAGTAILFRONTENDCACHE = caches
    start(tagged)


def test_without_a_cache_in_front_nothing_is_done(settings: Any) -> None:
    settings.WAGTAILFRONTENDCACHE = {}
    change("page:1")
    call_command("purge_cdn")
    assert not PurgeTarget.objects.exists()


@pytest.mark.parametrize(
    "cache",
    [
        {"BACKEND": "nowhere.Backend"},
        {},
        {"BACKEND": f"{BACKENDS}.CloudflareTagBackend", "ZONEID": "z"},
        {"BACKEND": f"{BACKENDS}.HttpTagBackend"},
        {"BACKEND": "wagtail.contrib.frontend_cache.backends.AzureCdnBackend"},
    ],
)
def test_settings_that_are_wrong_fail_no_change(cache: dict[str, Any], settings: Any) -> None:
    settings.WAGTAILFRONTENDCACHE = {"cdn": cache}
    change("page:1")
    assert PurgeTarget.objects.get().failing_since is not None
