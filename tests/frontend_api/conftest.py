"""What the tests of the API share."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.transactions import connection_kept

Get = Callable[..., Any]


@pytest.fixture
def get(db: None, client: Client) -> Get:
    """Read from the API: `get("pages/", limit=1)` gives the JSON, and fails unless the status is `expect`."""

    def read(path: str, *, expect: int = 200, **parameters: Any) -> Any:
        response = client.get(f"/api/v2/{path}", parameters)
        assert response.status_code == expect, response.content
        expected = "application/json" if expect == 200 else "application/problem+json"
        assert response.headers["Content-Type"] == expected
        return response.json()

    return read


def make_renditions() -> str:
    """Make what publishing makes, for pages that the factories made live; return what the command says."""
    output = StringIO()
    call_command("make_renditions", stdout=output)
    return output.getvalue()


def titles(listing: dict[str, Any]) -> list[str]:
    """Return the titles of the items of a listing."""
    assert set(listing) == {"meta", "items"}
    return [item["title"] for item in listing["items"]]


@pytest.fixture
def quiet(db: None) -> Iterator[None]:
    """As in Django's own test client: the connection holds the test's transaction."""
    with connection_kept():
        yield
    caches["api"].clear()


class Clock:
    """The one clock, which a test can shift. It begins in the morning, since some things happen at midnight."""

    def __init__(self) -> None:
        """Begin at nine o'clock."""
        self.shift = timedelta()
        self._real = timezone.now
        now = timezone.localtime()
        morning = now.replace(hour=9, minute=0, second=0, microsecond=0)
        self._until = morning + timedelta(days=now >= morning) - now

    def now(self) -> datetime:
        """Return the time."""
        return self._real() + self._until + self.shift


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Shift the clock with `clock.shift = timedelta(hours=1)`."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


@pytest.fixture(autouse=True)
def index_of_the_admin(request: pytest.FixtureRequest, settings: Any) -> None:
    """Leave the index alone in which editors search, which takes a fifth of the time: this API has one of its own.

    What asks for it, as the search for snippets does, is marked `indexed`.
    """
    if not request.node.get_closest_marker("indexed"):
        settings.WAGTAILSEARCH_BACKENDS = {
            name: {**backend, "AUTO_UPDATE": False}
            for name, backend in settings.WAGTAILSEARCH_BACKENDS.items()
        }
