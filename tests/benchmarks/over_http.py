"""`python -m tests.benchmarks.over_http`: print the tables of real requests of `docs/performance.md`, measured now.

The service answers from its cache, a bare Django view beside it returns the same bytes, and Wagtail's own API stands
in the same service. One client asks them by turns, so that whatever else the machine does befalls all alike.
"""

import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django

from .load import Measured, Request, ask, read
from .servers import THREADS, Server, serving

ROUNDS = 5
AT_ONCE = 8
"""So many connections keep a server busy; the times of single requests are taken over one."""
SECONDS = 1.0
ONE_BY_ONE = 200
JSON = (("Accept", "application/json"),)
# A credential goes past the cache, both ways.
UNCACHED = (*JSON, ("Cookie", "sessionid=of-nobody"))
SMALL, LARGE, PROGRAMMES = 1_000, 50_000, 100
FEW, MANY = 10_000, 100_000
EVERY = 1_000
"""After so many requests something is published, while memory is measured."""


@dataclass
class Section:
    """One thing that is asked of one server, and what came of it in each round."""

    name: str
    server: Server
    requests: Sequence[Request]
    rates: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def measure(self) -> None:
        """Measure one round."""
        self.rates.append(self._ask(connections=AT_ONCE, seconds=SECONDS).rate)
        self.times += self._ask(count=ONE_BY_ONE, seconds=SECONDS).times

    def _ask(self, **how: Any) -> Measured:
        return ask(self.server.port, self.requests, **how)

    @property
    def rate(self) -> float:
        """Requests per second, the median of the rounds."""
        return statistics.median(self.rates)

    @property
    def middle(self) -> float:
        """How many milliseconds a request takes, the median of all."""
        return statistics.median(self.times) * 1000

    @property
    def slow(self) -> float:
        """How many milliseconds all but one of a hundred requests take at most."""
        return statistics.quantiles(self.times, n=100)[-1] * 1000


def measure(*sections: Section) -> None:
    """Measure by turns, once everything is warm, and print a table."""
    for section in sections:
        ask(section.server.port, section.requests, count=2 * AT_ONCE, connections=AT_ONCE)
    for _ in range(ROUNDS):
        for section in sections:
            section.measure()
    table("read", "requests/s", "p50", "p99")
    for one in sections:
        row(one.name, f"{one.rate:,.0f}", f"{one.middle:.2f} ms", f"{one.slow:.2f} ms")


def ratio(name: str, faster: Section, slower: Section) -> None:
    """Print how many times as many requests are answered."""
    row(name, f"{faster.rate / slower.rate:.1f}")


def table(*columns: str) -> None:
    """Print the head of a table."""
    print(f"\n| {' | '.join(columns)} |\n|{' --- |' * len(columns)}", flush=True)


def row(*values: str) -> None:
    """Print a row."""
    print(f"| {' | '.join(values)} |", flush=True)


def compare(folder: Path, service: Server) -> None:
    """Measure a page and a listing: bare, from the cache, unchanged, rendered, and as Wagtail does."""
    from tests.benchmarks.compare import cases

    programme, _, _, insights = cases()
    ratios: list[tuple[str, Section, Section]] = []
    for name, case in (("a programme", programme), ("20 insights", insights)):
        cached = Request(case.own, JSON)
        headers, body = read(service.port, cached)
        same = Request(case.own, (*JSON, ("If-None-Match", headers["etag"])), 304)
        bodies = folder / name.replace(" ", "-")
        bodies.mkdir()
        (bodies / "body").write_bytes(body)
        environment = {"BARE_BODIES": str(bodies)}
        with serving("tests.benchmarks.bare:application", environment) as bare:
            sections = [
                Section(f"{name}, a bare view", bare, [Request("/body", JSON)]),
                Section(f"{name}, cached", service, [cached]),
                Section(f"{name}, cached, 304", service, [same]),
                Section(f"{name}, rendered", service, [Request(case.own, UNCACHED)]),
                Section(f"{name}, Wagtail’s API", service, [Request(case.stock, JSON)]),
            ]
            measure(*sections)
        view, hit, unchanged, rendered, stock = sections
        ratios += [
            (f"{name}: cached to a bare view", hit, view),
            (f"{name}: cached to Wagtail’s API", hit, stock),
            (f"{name}: 304 to 200", unchanged, hit),
            (f"{name}: rendered to Wagtail’s API", rendered, stock),
        ]
    table("ratio of requests/s", "times")
    for named in ratios:
        ratio(*named)


def grown(small: Server, large: Server) -> None:
    """Measure the same listing on a small and on a large site."""
    own = "/api/v2/insights/?limit=20"
    sections = [
        Section(f"20 of {many:,} insights, {how}", server, [Request(own, headers)])
        for how, headers in (("cached", JSON), ("rendered", UNCACHED))
        for many, server in ((SMALL, small), (LARGE, large))
    ]
    measure(*sections)
    table(f"cost at {LARGE:,} to {SMALL:,}", "times")
    ratio("cached", *sections[:2])
    ratio("rendered", *sections[2:])


def memory(service: Server) -> None:
    """Read thousands of addresses while pages are published, and say what the worker takes."""
    from insights.models import InsightPage

    insights = list(InsightPage.objects.live().order_by("pk"))
    requests = [
        *(Request(f"/api/v2/pages/{insight.pk}/", JSON) for insight in insights),
        *(Request(f"/api/v2/insights/?limit=20&offset={at}", JSON) for at in range(0, SMALL, 10)),
        *(Request(f"/api/v2/insights/{one.pk}/?fields=title", JSON) for one in insights),
    ]
    table("requests", "memory of the worker")
    row("0", f"{service.memory() / 2**20:.0f} MB")
    for number in range(MANY // EVERY):
        first = number * EVERY % len(requests)
        turn = [*requests[first:], *requests[:first]]
        ask(service.port, turn, connections=AT_ONCE, count=EVERY)
        insight = insights[number % len(insights)]
        insight.summary = f"Summary {number}."
        insight.save_revision().publish()
        if (asked := (number + 1) * EVERY) in (FEW, MANY):
            row(f"{asked:,}", f"{service.memory() / 2**20:.0f} MB")


@contextmanager
def service(media: Path) -> Iterator[Server]:
    """Serve what is in the database that Django is pointed at here, from another process."""
    from django.db import connection

    database = {
        name: connection.settings_dict[name]
        for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    }
    # Static files come from the packages; that there is a folder for others is all that is asked for.
    static = media.with_name("static")
    static.mkdir(exist_ok=True)
    given = {"database": database, "media": str(media), "static": str(static)}
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.served",
        "BENCHMARK": json.dumps(given),
    }
    with serving("cms.wsgi:application", environment) as server:
        yield server


def main() -> None:
    """Make a small site and a large one, serve both, and measure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    from django.conf import settings
    from django.db import connection
    from django.test import override_settings

    from tests import databases
    from tests.benchmarks import content
    from tests.benchmarks.growing import grow

    with tempfile.TemporaryDirectory(prefix="cms-bench-") as name:
        folder = Path(name)
        here = databases.for_run(folder)
        media = folder / "media"
        try:
            databases.own_copy(here, folder, "small")
            with override_settings(MEDIA_ROOT=media, DEBUG=False):
                content.make()
                grow(SMALL, PROGRAMMES)
                here.copy("small", "large")
                here.use("large")
                grow(LARGE, PROGRAMMES)
                analyze()
                print(
                    f"{os.cpu_count()} cores, Python {platform.python_version()}, "
                    f"{settings.TEST_DATABASE}; granian with one worker and {THREADS} threads, one client with "
                    f"{AT_ONCE} connections; medians of {ROUNDS} rounds, p50 and p99 over one connection"
                )
                with service(media) as large:
                    here.use("small")
                    analyze()
                    with service(media) as small:
                        compare(folder, small)
                        grown(small, large)
                with service(media) as small:
                    memory(small)
        finally:
            connection.close()
            here.stop()


def analyze() -> None:
    """Let the database look at what it has, as one that runs for a while does by itself."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    sys.exit(main())
