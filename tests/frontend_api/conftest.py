"""What the tests of the API share."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

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
