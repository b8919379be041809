"""A statement of a read that takes the database too long is ended, and whoever asked is told so."""

import time
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from frontend_api.endpoints.base import ApiView
from tests.configure import configure

COUNTING = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) SELECT COUNT(*) FROM n"
ENDLESS, SHORT = 10**9, 200_000


def count(most: int) -> int:
    """Have the database count, which takes as long as there is to count."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTING, [most])
        return int(cursor.fetchone()[0])


class CountingView(ApiView):
    """An endpoint that has the database count."""

    most = ENDLESS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Count."""
        return HttpResponse(str(count(self.most)))


def ask(most: int) -> Any:
    """Return what the endpoint answers."""
    response = CountingView.as_view(most=most)(RequestFactory().get("/"))
    return response.render() if hasattr(response, "render") else response


def limit_of_connection() -> str:
    """Return PostgreSQL's limit of whatever is asked next; SQLite has none."""
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


@pytest.fixture
def a_second(settings: Any) -> None:
    """A limit of a second."""
    configure(settings, STATEMENT_TIMEOUT=1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("a_second")
def test_what_takes_too_long_is_ended_and_said() -> None:
    before = limit_of_connection()
    began = time.monotonic()
    response = ask(ENDLESS)
    assert time.monotonic() - began < 5
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.data["detail"].startswith("This took too long and was ended;")
    # Whatever the connection serves next has its own limit.
    assert limit_of_connection() == before
    assert count(SHORT) == SHORT


@pytest.mark.django_db
@pytest.mark.usefixtures("a_second")
def test_it_is_ended_in_a_transaction_as_well() -> None:
    before = limit_of_connection()
    with transaction.atomic():
        assert ask(ENDLESS).status_code == 503
        transaction.set_rollback(True)
    assert limit_of_connection() == before
    assert count(SHORT) == SHORT


@pytest.mark.django_db
@pytest.mark.usefixtures("a_second")
def test_what_is_quick_enough_leaves_nothing_behind() -> None:
    before = limit_of_connection()
    assert ask(10).content == b"10"
    assert limit_of_connection() == before


@pytest.mark.django_db
def test_without_a_limit_nothing_is_set(settings: Any) -> None:
    configure(settings, STATEMENT_TIMEOUT=0)
    assert ask(SHORT).content == str(SHORT).encode()
