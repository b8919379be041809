"""What has too long a query string is refused in front of Django, whatever it is asked with."""

import json

import pytest

from frontend_api.errors import LONGEST_QUERY
from tests.frontend_api.caching.scene import Asking, Scene

pytestmark = pytest.mark.once

QUERY = "x" * (LONGEST_QUERY + 1)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_it_costs_neither_a_view_nor_a_query(
    ask: Asking, scene: Scene, method: str, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        got = ask(f"/api/v2/thing/?{QUERY}", method)
    assert got.status == 414
    assert got.headers["Content-Type"] == "application/problem+json"
    assert got.headers["Cache-Control"] == "no-store"
    assert scene.asked == []
    if method == "HEAD":
        assert got.body == b""
    else:
        problem = json.loads(got.body)
        assert list(problem) == ["type", "title", "status", "detail", "message"]
        assert problem["status"] == 414


def test_the_longest_is_answered(ask: Asking, scene: Scene) -> None:
    assert ask(f"/api/v2/thing/?{QUERY[1:]}").status == 200


def test_other_addresses_are_none_of_its_business(ask: Asking, scene: Scene) -> None:
    assert ask(f"/elsewhere/?{QUERY}").status == 200
