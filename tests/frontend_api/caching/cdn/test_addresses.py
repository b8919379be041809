"""Caches that know no tags are purged by address: of every response that they may hold, and of no other."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.utils import timezone
from wagtail.contrib.frontend_cache.backends import BaseBackend, CloudfrontBackend

from frontend_api.caching.cdn import addresses, delivery
from frontend_api.caching.cdn.models import CachedAddress, PurgeTarget
from frontend_api.caching.cdn.purger import purge
from tests.configure import configure
from tests.frontend_api.caching.cdn.conftest import CacheServer
from tests.frontend_api.caching.scene import Asking, Scene, change
from tests.frontend_api.conftest import Clock

THING = "http://localhost:8000/api/v2/thing/"
BY_ADDRESS = {"cdn": {"BACKEND": f"{__name__}.Plain"}}


class Plain(BaseBackend):
    """A service that is purged by address, as those of Wagtail's are."""

    heard: ClassVar[list[str]] = []

    def purge(self, url: str) -> None:
        self.heard.append(url)


class Wild(CloudfrontBackend):
    """CloudFront, without its client."""

    def __init__(self, params: dict[str, Any]) -> None:
        BaseBackend.__init__(self, params)
        self.cloudfront_distribution_id = "x"

    def _create_invalidation(self, distribution_id: str, paths: list[str]) -> None:
        Plain.heard.extend(paths)


def purged() -> list[str]:
    """Purge, and return what was heard of it."""
    Plain.heard.clear()
    for row in purge(5):
        assert row.last_error == ""
    return sorted(Plain.heard)


@pytest.fixture
def ask(ask_wsgi: Asking, log: None, settings: Any) -> Asking:
    """Ask a service whose responses a cache in front may hold for a minute, and is purged of by address."""
    configure(settings, S_MAXAGE=60)
    settings.WAGTAILFRONTENDCACHE = BY_ADDRESS
    purged()
    return ask_wsgi


def test_what_a_change_makes_old_is_purged_and_nothing_else(ask: Asking, scene: Scene) -> None:
    assert "s-maxage=60" in ask("/api/v2/thing/?a=1&b=%20").headers["Cache-Control"]
    ask("/api/v2/thing/")
    scene.tags = {"page:2"}
    ask("/api/v2/other/", "HEAD")
    change("page:1")
    assert purged() == [THING, f"{THING}?a=1&b=%20"]
    change("page:2")
    # What has not settled is purged again.
    assert purged() == ["http://localhost:8000/api/v2/other/", THING, f"{THING}?a=1&b=%20"]
    change("page:3")
    assert "http://localhost:8000/api/v2/other/" in purged()


def test_everything_is_every_address(ask: Asking, scene: Scene) -> None:
    ask("/api/v2/thing/")
    scene.tags = {"page:2"}
    ask("/api/v2/other/")
    change("*")
    assert purged() == ["http://localhost:8000/api/v2/other/", THING]


def test_what_comes_out_of_our_cache_is_purged_too(ask: Asking, scene: Scene) -> None:
    """A cache in front that was purged of everything asks again, and nothing is rendered."""
    ask()
    change("page:9")
    PurgeTarget.objects.update(purged=None, settled=None)
    assert purged() == [THING]
    ask()
    assert len(scene.asked) == 1
    change("page:1")
    assert purged() == [THING]


def test_an_address_is_forgotten_when_no_cache_holds_it_any_more(
    ask: Asking,
    scene: Scene,
    clock: Clock,
) -> None:
    ask()
    clock.shift = timedelta(seconds=59)
    # Asked again, from our own cache, and held for another minute from now on.
    ask()
    clock.shift = timedelta(seconds=100)
    ask()
    clock.shift = timedelta(seconds=159)
    change("page:1")
    assert purged() == [THING]
    assert CachedAddress.objects.count() == 1
    clock.shift = timedelta(seconds=300)
    purged()
    assert not CachedAddress.objects.exists()


def test_an_address_is_written_once_while_nothing_changes(
    ask: Asking,
    scene: Scene,
    django_assert_max_num_queries: Any,
) -> None:
    ask()
    written = CachedAddress.objects.get().until
    with django_assert_max_num_queries(2):
        ask()
    assert CachedAddress.objects.get().until == written
    scene.tags = {"page:5"}
    change("page:1")
    ask()
    assert CachedAddress.objects.get().tags == ["page:5"]


def test_what_cannot_be_noted_down_is_not_held(
    ask: Asking,
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:
    configure(settings, STALE_WHILE_REVALIDATE=30)
    monkeypatch.setattr(addresses, "MOST", 1)
    assert (
        "s-maxage=60, stale-while-revalidate=30" in ask("/api/v2/thing/").headers["Cache-Control"]
    )
    refused = ask("/api/v2/other/").headers["Cache-Control"]
    assert refused == "public, max-age=0, s-maxage=0, must-revalidate"
    assert "s-maxage=60" in ask("/api/v2/thing/").headers["Cache-Control"]
    assert CachedAddress.objects.get().address == THING


@pytest.mark.parametrize(
    "caches",
    [
        {},
        {
            "cdn": {
                "BACKEND": "frontend_api.caching.cdn.backends.HttpTagBackend",
                "LOCATION": "http://127.0.0.1:9/",
            }
        },
    ],
)
def test_nothing_is_noted_down_for_caches_that_know_tags(
    ask: Asking, settings: Any, caches: dict[str, Any]
) -> None:
    settings.WAGTAILFRONTENDCACHE = caches
    assert "s-maxage=60" in ask().headers["Cache-Control"]
    assert not CachedAddress.objects.exists()


def test_nothing_is_noted_down_that_no_cache_may_hold(
    ask: Asking,
    scene: Scene,
    settings: Any,
) -> None:
    configure(settings, S_MAXAGE=0)
    ask()
    configure(settings, S_MAXAGE=60)
    scene.until = timezone.now()
    ask("/api/v2/thing/?a=1")
    scene.until, scene.uncacheable = None, "for a reason"
    ask("/api/v2/other/")
    assert not CachedAddress.objects.exists()


def test_many_addresses_are_one_wildcard_where_the_service_takes_it(
    ask: Asking, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WAGTAILFRONTENDCACHE = {"cloudfront": {"BACKEND": f"{__name__}.Wild"}}
    assert purged() == ["/api/v2/*"]
    ask("/api/v2/thing/")
    ask("/api/v2/thing/?a=1")
    change("page:1")
    assert purged() == ["/api/v2/thing/", "/api/v2/thing/?a=1"]
    monkeypatch.setattr(delivery, "MOST_ADDRESSES", 1)
    change("page:1")
    assert purged() == ["/api/v2/*"]
    change("page:7", "*")
    assert purged() == ["/api/v2/*"]


def test_a_cache_of_other_hosts_is_left_alone(ask: Asking, settings: Any) -> None:
    settings.WAGTAILFRONTENDCACHE = {
        "cdn": {"BACKEND": f"{__name__}.Plain", "HOSTNAMES": ["example.org"]}
    }
    ask()
    change("page:1")
    assert purged() == []


@pytest.mark.parametrize("status", [200, 404, 503])
def test_wagtails_own_backend_purges_and_its_failure_is_heard(
    ask: Asking, settings: Any, server: CacheServer, status: int
) -> None:
    """It logs what fails, and goes on as if nothing was."""
    settings.WAGTAILFRONTENDCACHE = {
        "varnish": {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": server.address,
        }
    }
    ask("/api/v2/thing/?a=1")
    server.status = status
    change("page:1")
    [row] = purge(5)
    [asked] = server.heard()
    assert (asked.method, asked.path) == ("PURGE", "/api/v2/thing/?a=1")
    assert asked.headers["Host"] == "localhost:8000"
    if status == 200:
        assert (row.last_error, row.failing_since) == ("", None)
    else:
        assert row.last_error.startswith(f"PurgeFailed: Couldn't purge '{THING}?a=1'")
        assert str(status) in row.last_error
        assert row.purged is None


def silence() -> None:
    """Do as `logging.config.dictConfig` does with what it is not told of, unless it is told to let that be."""
    logging.getLogger("wagtail.frontendcache").disabled = True


def raise_level() -> None:
    logging.getLogger("wagtail.frontendcache").setLevel(logging.CRITICAL)


def raise_all() -> None:
    logging.getLogger().setLevel(logging.CRITICAL)


def turn_off() -> None:
    logging.disable(logging.ERROR)


@pytest.fixture
def as_before() -> Iterator[None]:
    """Put loggers back."""
    loggers = [logging.getLogger("wagtail.frontendcache"), logging.getLogger()]
    levels = [logger.level for logger in loggers]
    yield
    logging.disable(logging.NOTSET)
    for logger, level in zip(loggers, levels, strict=True):
        logger.disabled = False
        logger.setLevel(level)


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize(
    ("how", "said"),
    [
        (silence, "Couldn't purge"),
        (raise_level, "the logger 'wagtail.frontendcache' is silenced"),
        (raise_all, "is silenced; let it say what is an ERROR in the setting LOGGING."),
        (turn_off, "is silenced"),
    ],
)
def test_what_fails_is_known_whatever_is_logged(
    ask: Asking,
    scene: Scene,
    server: CacheServer,
    settings: Any,
    how: Callable[[], None],
    said: str,
) -> None:
    settings.WAGTAILFRONTENDCACHE = {
        "cdn": {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": server.address,
        }
    }
    purge(5)
    ask("/api/v2/thing/")
    server.status = 503
    how()
    change("page:1")
    [row] = purge(5, rest=False)
    assert row.failing_since is not None
    assert said in row.last_error
    # It is still pending.
    assert PurgeTarget.objects.get().purged == 0
