"""Whatever the description allows to ask for, the database is asked a few times, and never once for each object."""

import random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.benchmarks.expensive import endpoints

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MOST_QUERIES = 40
TRIED = 6


def test_no_request_that_the_description_allows_asks_the_database_often(client: Client) -> None:
    theme = factories.ThemeFactory()
    for number in range(5):
        factories.InsightPageFactory(title=f"Insight {number}", themes=[theme])
        factories.ProgrammePageFactory(title=f"Programme {number}", themes=[theme])
    some = random.Random(1)
    taken = {}
    for endpoint in endpoints():
        query = endpoint.first(some)
        for _ in range(TRIED):
            with CaptureQueriesContext(connection) as queries:
                response = client.get(endpoint.path, query)
            assert response.status_code in {200, 400, 404}, (endpoint.path, query)
            if response.status_code == 200:
                taken[f"{endpoint.path} {query}"] = len(queries)
            query = endpoint.changed(query, some)
    assert len(taken) > TRIED
    assert {asked: count for asked, count in taken.items() if count > MOST_QUERIES} == {}
