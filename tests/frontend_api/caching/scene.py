"""A small API whose one view shows what a test sets, and a client that asks at the boundary of WSGI."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone

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
urlpatterns = [path("api/v2/", include((api, "frontend_api"))), path("elsewhere/", show)]


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


def change(*tags: str, many: int = 1) -> None:
    """Log changes as the change log does."""
    log = ChangeLog.objects.get()
    versions = range(log.version + 1, log.version + many + 1)
    Change.objects.bulk_create(
        Change(version=one, kind=Kind.OTHER, tags=list(tags), stamp=one, made_at=timezone.now())
        for one in versions
    )
    ChangeLog.objects.filter(pk=log.pk).update(version=versions[-1], stamp=versions[-1])
