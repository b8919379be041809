"""Reads the same things from both APIs, in one process, by turns, and says how much faster this one is."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, ReferenceIndex

from cms.models import CmsDocument, CmsImage
from tests.benchmarks import content
from tests.benchmarks.stock import renditions

IN_A_LISTING = 20
INSIGHT = "summary,image(width,height),published_on,kind,source,themes(name,slug)"
PARTNER = "partner(name,slug,website,description,logo(width,height))"
PROGRAMME = (
    "summary,image(width,height),start_year,end_year,period,status,"
    f"partners({PARTNER}),themes(name,slug)"
)
HERO, TEASER = (",".join(renditions(use)) for use in ("hero", "teaser"))


@dataclass(frozen=True)
class Case:
    """One thing to read: what it is, its address here, and in Wagtail's own API with the fields that give the same.

    `more` are the addresses there of what a body names: Wagtail gives bare numbers, here it is all in one answer.
    """

    name: str
    own: str
    stock: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """The median times of one read, in milliseconds, and the numbers of queries."""

    case: Case
    own: float
    stock: float
    stock_with_more: float
    own_queries: int
    stock_queries: int

    @property
    def ratio(self) -> float:
        """How many times faster this API answers than Wagtail's does, which says less of bodies."""
        return self.stock / self.own

    @property
    def ratio_of_the_same(self) -> float:
        """How many times faster a client of this API has the same data."""
        return self.stock_with_more / self.own


def cases() -> list[Case]:
    """Return what is compared."""
    programme, insight = content.richest()
    insights = f"related_insights(insight({INSIGHT},{TEASER}))"

    def stock(path: str, **query: Any) -> str:
        return f"/stock/pages/{path}?{urlencode(query)}"

    return [
        Case(
            "a programme, all fields",
            f"/api/v2/pages/{programme.pk}/",
            stock(f"{programme.pk}/", fields=f"{PROGRAMME},{HERO},{insights}"),
            named_by_body(programme),
        ),
        Case(
            "an insight, all fields",
            f"/api/v2/pages/{insight.pk}/",
            stock(f"{insight.pk}/", fields=f"{INSIGHT},{HERO}"),
            named_by_body(insight),
        ),
        Case(
            f"{IN_A_LISTING} programmes, teasers",
            f"/api/v2/programmes/?order=id&limit={IN_A_LISTING}",
            stock(
                "",
                type="programmes.ProgrammePage",
                fields=f"{PROGRAMME},{TEASER}",
                order="id",
                limit=IN_A_LISTING,
            ),
        ),
        Case(
            f"{IN_A_LISTING} insights, teasers",
            f"/api/v2/insights/?order=id&limit={IN_A_LISTING}",
            stock(
                "",
                type="insights.InsightPage",
                fields=f"{INSIGHT},{TEASER}",
                order="id",
                limit=IN_A_LISTING,
            ),
        ),
    ]


def named_by_body(page: Page) -> tuple[str, ...]:
    """Return the addresses in Wagtail's own API of the images, documents and pages that a body names."""
    references = ReferenceIndex.get_references_for_object(page).filter(
        model_path__startswith="body"
    )
    named = set()
    for reference in references.select_related("to_content_type"):
        model = reference.to_content_type.model_class()
        kind = {CmsImage: "images", CmsDocument: "documents"}.get(model, "pages")
        # Of a page what it takes to lead there, which is the least that any place shows of one.
        query = "?fields=_,id,title,html_url" if kind == "pages" else ""
        named.add(f"/stock/{kind}/{reference.to_object_id}/{query}")
    return tuple(sorted(named))


Read = Callable[[str], bytes]
"""Gives the body of the answer at an address."""


def wsgi() -> Read:
    """Return how to read from the service's own WSGI application, middleware and all, without a socket between."""
    application = WSGIHandler()

    def read(address: str) -> bytes:
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_ACCEPT": "application/json",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
        }
        statuses: list[str] = []
        answer = application(environ, lambda status, headers: statuses.append(status))
        body = b"".join(answer)
        answer.close()
        if statuses != ["200 OK"]:
            raise RuntimeError(f"{address} answers {statuses[0]}: {body[:500]!r}")
        return body

    return read


def compare(read: Read, rounds: int) -> Iterator[Result]:
    """Read each case from both, by turns, and give the medians."""
    for case in cases():
        queries = _queries(read, case.own), _queries(read, case.stock)
        addresses = (case.own, case.stock, *case.more)
        times: dict[str, list[float]] = {address: [] for address in addresses}
        for _ in range(rounds):
            for address, taken in times.items():
                start = time.perf_counter()
                read(address)
                taken.append((time.perf_counter() - start) * 1000)
        own, stock, *more = (statistics.median(taken) for taken in times.values())
        yield Result(case, own, stock, stock + sum(more), *queries)


def _queries(read: Read, address: str) -> int:
    """Return how many queries a read takes once what Django and Wagtail keep in memory is there."""
    read(address)
    with CaptureQueriesContext(connection) as captured:
        read(address)
    return len(captured)
