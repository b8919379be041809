"""What a process remembers is bounded in bytes, and what is counted is what it takes, whatever clients ask."""

import gc
import itertools
import logging
import tracemalloc
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application

from frontend_api.caching.wsgi import ResponseCache
from frontend_api.changes import versions
from frontend_api.dependencies import sql_analysis
from frontend_api.dependencies.bounded import Bounded
from frontend_api.dependencies.memo import facts as process_facts
from frontend_api.dependencies.tracker import Dependencies
from frontend_api.endpoints.fields_parameter import parse
from frontend_api.serialization import objects
from frontend_api.serialization.nested import Level
from frontend_api.visibility import queries, related_rows_query
from frontend_api.visibility.related_rows import RelatedRows
from insights.models import InsightPage
from programmes.models import KeyFigure, Phase, ProgrammePage, ProgrammePartner, RelatedInsight
from tests import factories
from tests.frontend_api.caching.scene import Asking

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Known = Bounded[Any, Any]


def selections() -> Iterator[str]:
    """Return one long `fields` after the other, each another one."""
    random = Random(0)
    names = ["title", "summary", "image", "body", "start_year", "end_year", "status", "phases"]
    nested = ["partners(_,name)", "themes(_,slug,name)", "related_insights(*,-summary,-themes)"]
    while True:
        parts = [*random.sample(names, random.randint(2, len(names))), *nested]
        random.shuffle(parts)
        yield ",".join(parts)


def plans(count: int) -> Known:
    for text in itertools.islice(selections(), count):
        objects.plan(ProgrammePage, parse(text), Level.DETAIL, False)
    return objects.plan.known


def row_queries(count: int) -> Known:
    models: list[Any] = [KeyFigure, Phase, ProgrammePartner, RelatedInsight]
    kinds = [
        RelatedRows(model, "programme", is_part=part) for model in models for part in (True, False)
    ]
    subsets = itertools.chain.from_iterable(
        itertools.combinations(kinds, size) for size in range(1, len(kinds))
    )
    for subset in itertools.islice(subsets, count):
        related_rows_query._query(subset)
    return related_rows_query._query.known


def page_queries(count: int) -> Known:
    for number in range(count):
        hidden = tuple(f"0001{number:04}{place:04}" for place in range(200))
        queries.page_query(InsightPage, "0001", hidden, ())
    return queries.page_query.known


def statements(count: int) -> Known:
    for number in range(count):
        sql_analysis.everything_in(
            f'SELECT "name" FROM "cms_theme" WHERE "slug" = {number} AND {"1 " * 500}'
        )
    return sql_analysis.everything_in.known


def facts(count: int) -> Known:
    state = versions.current()
    for number in range(count):
        process_facts.keep(("text", f"{number}" + "x" * 500), number, state, Dependencies())
    return process_facts._facts


@pytest.fixture
def afresh() -> Iterator[None]:
    """Begin with nothing remembered, and leave nothing."""
    known = [
        objects.plan,
        related_rows_query._query,
        queries.page_query,
        sql_analysis.everything_in,
        process_facts,
    ]
    for one in known:
        getattr(one, "cache_clear", getattr(one, "clear", None))()
    yield
    for one in known:
        getattr(one, "cache_clear", getattr(one, "clear", None))()


@pytest.mark.usefixtures("afresh")
@pytest.mark.parametrize(
    "fill", [plans, row_queries, page_queries, statements, facts], ids=lambda fill: fill.__name__
)
def test_what_is_counted_is_what_it_takes(fill: Callable[[int], Known]) -> None:
    # What is made once for all.
    fill(2)
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        counted = fill(2).size
        known = fill(150)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(known) > 50
    assert after - before <= 1.2 * (known.size - counted) + 100_000, (after - before, known.size)


LONG = "x" * 60_000
# A longer query string is refused before anything is looked up.
LONG_QUERY = "x" * 8_000
HOSTILE: dict[str, Callable[[int], dict[str, Any]]] = {
    "a long value": lambda number: {"address": f"/api/v2/insights/?source={number}{LONG_QUERY}"},
    "a long path": lambda number: {
        "address": f"/api/v2/pages/find/?html_path=/{number}{LONG_QUERY}"
    },
    "a long name": lambda number: {"address": f"/api/v2/insights/?{number}{LONG_QUERY}=1"},
    "long fields": lambda number: {"address": f"/api/v2/insights/?fields={number}{LONG_QUERY}"},
    "a long site": lambda number: {"address": f"/api/v2/insights/?site={number}{LONG_QUERY}"},
    "many parameters": lambda number: {
        "address": f"/api/v2/insights/?{'&'.join(f'limit={number}' for _ in range(900))}"
    },
    "an odd encoding": lambda number: {"Accept_Encoding": f"gzip;q=0.{number},{LONG}"},
    "an odd type": lambda number: {"Accept": f"application/json;q=0.{number},{LONG}"},
    "an odd origin": lambda number: {"Origin": f"https://{number}.{LONG}"},
    "an odd cookie": lambda number: {"Cookie": f"{number}={LONG}"},
    "an odd validator": lambda number: {"If_None_Match": f'"{number}{LONG}"'},
}


@pytest.mark.usefixtures("quiet", "afresh")
@pytest.mark.parametrize("kind", HOSTILE)
def test_what_clients_ask_at_length_is_not_remembered(
    caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    factories.InsightPageFactory()
    ask = Asking(ResponseCache(get_wsgi_application()))
    # What is logged of a request holds it for as long as the test runs. Making the application
    # configured the loggers, and this comes after.
    caplog.set_level(logging.CRITICAL, "django.request")

    def asked(numbers: range) -> None:
        for number in numbers:
            given = {"address": "/api/v2/insights/", **HOSTILE[kind](number)}
            assert ask(**given).status in {200, 400, 404}

    # What is made once for all.
    asked(range(5))
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        asked(range(5, 25))
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Twenty of them were more than a million.
    assert after - before < 250_000
