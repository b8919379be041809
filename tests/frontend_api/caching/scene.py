"""A small API whose one view shows what a test sets, and a client that asks at the boundary of WSGI."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone

from frontend_api.caching.asgi import ResponseCache
from frontend_api.caching.at_once import InProcess
from frontend_api.changes import versions
from frontend_api.changes.models import Change, ChangeLog, Kind
from frontend_api.dependencies.tracker import ENVIRON, Dependencies

LONG = "A text that is long enough to be worth compressing. " * 20


@dataclass
class Scene:
    """What the view shows, what that was made of, and what it was asked."""

    text: str = LONG
    tags: set[str] = field(default_factory=lambda: {"page:1", "below:0001"})
    until: datetime | None = None
    uncacheable: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    is_recorded: bool = True
    ignores_language: bool = False
    while_rendered: Callable[[], None] = lambda: None
    asked: list[dict[str, Any]] = field(default_factory=list, repr=False)

    def show(self, request: HttpRequest) -> HttpResponse:
        """Answer, and leave a record as the API's views do."""
        self.asked.append(dict(request.META))
        response = HttpResponse(self.text, "application/json", self.status, headers=self.headers)
        self.while_rendered()
        if self.is_recorded:
            dependencies = Dependencies()
            dependencies.tags |= self.tags
            dependencies.until, dependencies.uncacheable = self.until, self.uncacheable
            dependencies.ignores_language = self.ignores_language
            request.META[ENVIRON] = dependencies
        return response


scene = Scene()


def show(request: HttpRequest) -> HttpResponse:
    """Show what the test of the moment sets."""
    return scene.show(request)


api = [path("", show, name="root"), path("thing/", show), path("other/", show)]
handler500 = "frontend_api.endpoints.problems.server_error"
urlpatterns = [
    path("api/v2/", include((api, "frontend_api"))),
    path("elsewhere/", show),
    path("admin/", show, name="wagtailadmin_home"),
]


@dataclass
class Got:
    """A response as it goes over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


class Asking:
    """Asks a WSGI application, and holds it to the protocol."""

    def __init__(self, application: Any) -> None:
        """Take the application."""
        self.application = validator(application)

    def __call__(
        self,
        address: str = "/api/v2/thing/",
        method: str = "GET",
        environ: dict[str, str] | None = None,
        **headers: str,
    ) -> Got:
        """Ask with `If_None_Match="…"` and the like."""
        place, _, query = address.partition("?")
        asked: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": place,
            "QUERY_STRING": query,
            "HTTP_HOST": "testserver",
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
            **(environ or {}),
        }
        setup_testing_defaults(asked)
        started: list[Any] = []

        def start(status: str, sent: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], None]:
            started[:] = [status, sent]
            return lambda data: None

        chunks: Iterable[bytes] = self.application(asked, start)
        try:
            body = b"".join(chunks)
        finally:
            chunks.close()  # type: ignore[attr-defined]
        status, sent = started
        names = [name.lower() for name, _ in sent]
        assert len(names) == len(set(names)), f"a header is there twice: {sent}"
        return Got(int(status.split()[0]), dict(sent), body)


class Between(Executor):
    """Does what it is given between two turns of a loop, in the thread of the test, so that it sees the test's data."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._given: list[Callable[[], Any]] = []

    def submit(self, act: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it soon."""
        self._given.append(partial(act, *args, **kwargs))
        return Future()

    def act(self) -> None:
        """Do it."""
        given, self._given = self._given, []
        for act in given:
            act()


class AtOnce(InProcess):
    """Reads where the change log stands with the connection of the test, whatever its database is."""

    def __init__(self) -> None:
        """Take the connection, which in a loop would be another."""
        super().__init__()
        self._of_test: Any = connections["default"]

    def open(self) -> None:
        """Do nothing: it is open if it can be."""

    def __call__(self) -> versions.State | None:
        """Return where the log stands."""
        if self._of_test.connection is None:
            return None
        if self._of_test.queries_logged:
            # As Django's cursor does, which may not be used in a loop.
            self._of_test.queries_log.append({"sql": versions.CURRENT, "time": "0"})
        try:
            row = self._of_test.connection.execute(versions.CURRENT).fetchone()
        except self._of_test.Database.Error:
            return None
        return versions.State(*row) if row else None


class InThreads(InProcess):
    """Leaves it to the thread."""

    def open(self) -> None:
        """Do nothing."""


class BehindFront:
    """A WSGI application with the ASGI front before it, in the form of a WSGI application."""

    def __init__(self, application: Any) -> None:
        """Take the application."""
        self.hits = 0
        self._application = application
        self._between = Between()
        self._front = ResponseCache(_pass_on, self._between, AtOnce())

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer, as any ASGI server would have it asked."""
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        loop = asyncio.new_event_loop()
        answering = loop.create_task(self._front(_scope(environ), _never, send))
        while not answering.done():
            loop.call_soon(loop.stop)
            loop.run_forever()
            self._between.act()
        loop.close()
        answering.result()
        if sent == [None]:
            return self._application(environ, start_response)  # type: ignore[no-any-return]
        self.hits += 1
        head, body = sent
        status = HTTPStatus(head["status"])
        headers = [
            (SPELLED.get(name, name.decode().title()), value.decode("latin-1"))
            for name, value in head["headers"]
        ]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body["body"]]


# ASGI has all names in small letters.
SPELLED = {b"etag": "ETag"}


async def _pass_on(scope: Any, receive: Any, send: Any) -> None:
    await send(None)


def _scope(environ: dict[str, Any]) -> dict[str, Any]:
    """Return a request of WSGI as ASGI has it."""
    headers = [
        (name.removeprefix("HTTP_").replace("_", "-").lower().encode(), value.encode("latin-1"))
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    return {
        "type": "http",
        "method": environ["REQUEST_METHOD"],
        "path": environ["SCRIPT_NAME"]
        + environ["PATH_INFO"].encode("latin-1").decode(errors="replace"),
        "root_path": environ["SCRIPT_NAME"],
        "query_string": environ["QUERY_STRING"].encode("latin-1"),
        "scheme": environ["wsgi.url_scheme"],
        "server": (environ["SERVER_NAME"], int(environ["SERVER_PORT"])),
        "headers": headers,
    }


async def _never() -> Any:
    raise AssertionError("Nothing of a read is waited for.")


def change(*tags: str, many: int = 1) -> None:
    """Log changes as the change log does."""
    log = ChangeLog.objects.get()
    versions = range(log.version + 1, log.version + many + 1)
    Change.objects.bulk_create(
        Change(version=one, kind=Kind.OTHER, tags=list(tags), stamp=one, made_at=timezone.now())
        for one in versions
    )
    ChangeLog.objects.filter(pk=log.pk).update(version=versions[-1], stamp=versions[-1])
