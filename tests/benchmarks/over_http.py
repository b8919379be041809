"""`python -m tests.benchmarks.over_http`: print the tables of real requests of `docs/performance.md`, measured now.

The service answers from its cache, a bare Django view beside it returns the same bytes, and Wagtail's own API stands
in the same service. One client asks them by turns, so that whatever else the machine does befalls all alike.
"""

import datetime
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django

from .load import Measured, Request, ask, read
from .servers import Server, serving

ROUNDS = 5
AT_ONCE = 8
"""So many connections keep a server busy; the times of single requests are taken over one."""
SECONDS = 1.0
ONE_BY_ONE = 200
JSON = (("Accept", "application/json"),)
# A credential goes past the cache, both ways; this one is of a proxy's, and shows nothing here.
UNCACHED = (*JSON, ("Authorization", "Basic b2Y6bm9ib2R5"))
SMALL, LARGE, PROGRAMMES = 1_000, 50_000, 100
FEW, MANY = 10_000, 100_000
THREADS = (1, 2, 4)
EVERY = 1_000
"""After so many requests something is published, while memory is measured."""


@dataclass
class Section:
    """One thing that is asked of one server, and what came of it in each round."""

    name: str
    server: Server
    requests: Sequence[Request]
    connections: int = AT_ONCE
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def measure(self) -> None:
        """Measure one round."""
        before = self.server.seconds()
        busy = self._ask(connections=self.connections, seconds=SECONDS)
        self.rates.append(busy.rate)
        self.costs.append((self.server.seconds() - before) / len(busy.times))
        self.times += self._ask(count=ONE_BY_ONE, seconds=SECONDS).times

    def _ask(self, **how: Any) -> Measured:
        measured = ask(self.server.port, self.requests, **how)
        # The next time goes on from here: what was asked a moment ago is known.
        asked = len(measured.times) % len(self.requests)
        self.requests = [*self.requests[asked:], *self.requests[:asked]]
        return measured

    @property
    def rate(self) -> float:
        """Requests per second, the median of the rounds."""
        return statistics.median(self.rates)

    @property
    def cost(self) -> float:
        """For how many microseconds a request keeps the worker's core busy, the median of the rounds."""
        return statistics.median(self.costs) * 1_000_000

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
    table("read", "requests/s", "p50", "p99", "worker’s core")
    for one in sections:
        times = f"{one.middle:.2f} ms", f"{one.slow:.2f} ms", f"{one.cost:,.0f} µs"
        row(one.name, f"{one.rate:,.0f}", *times)


def ratio(name: str, faster: Section, slower: Section) -> None:
    """Print how many times as many requests are answered."""
    row(name, f"{faster.rate / slower.rate:.2f}")


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


def by_threads(folder: Path, media: Path) -> None:
    """Measure a hit beside a bare view with as many threads on both sides, as none suits both best."""
    sections = []
    with ExitStack() as stack:
        for threads in THREADS:
            cached = Request("/api/v2/insights/?limit=20", JSON)
            server = stack.enter_context(service(media, threads))
            bodies = folder / f"threads-{threads}"
            bodies.mkdir()
            (bodies / "body").write_bytes(read(server.port, cached)[1])
            environment = {"BARE_BODIES": str(bodies)}
            bare = stack.enter_context(
                serving("tests.benchmarks.bare:application", environment, threads)
            )
            sections += [
                Section(f"{threads} threads, a bare view", bare, [Request("/body", JSON)]),
                Section(f"{threads} threads, cached", server, [cached]),
            ]
        measure(*sections)
    table("cached to a bare view", "times the requests/s", "times less of a core")
    for threads, view, hit in zip(THREADS, sections[::2], sections[1::2], strict=True):
        row(f"{threads} threads", f"{hit.rate / view.rate:.2f}", f"{view.cost / hit.cost:.2f}")


def grown(small: Server, large: Server) -> None:
    """Measure the same listing on a small and on a large site."""
    from frontend_api.dependencies.memo import MOST_BYTES

    own = "/api/v2/insights/?limit=20"
    # More filters than there is room for totals, of which each takes a kilobyte or more; all of them keep everything.
    # So each time it is counted anew.
    days = [
        datetime.date(1900, 1, 1) + datetime.timedelta(day) for day in range(MOST_BYTES // 1_000)
    ]
    asked = {
        "cached": [Request(own, JSON)],
        "rendered": [Request(own, UNCACHED)],
        "rendered and counted": [Request(f"{own}&published_after={day}", UNCACHED) for day in days],
    }
    sections = {
        how: [
            Section(f"20 of {many:,} insights, {how}", server, requests)
            for many, server in ((SMALL, small), (LARGE, large))
        ]
        for how, requests in asked.items()
    }
    measure(*(section for pair in sections.values() for section in pair))
    table(f"cost at {LARGE:,} to {SMALL:,}", "times")
    for how, pair in sections.items():
        ratio(how, *pair)


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


def environment_of(media: Path, **more: Any) -> dict[str, str]:
    """Return what points another process to the database that Django is pointed at here."""
    from django.db import connection

    database = {
        name: connection.settings_dict[name]
        for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    }
    # Static files come from the packages; that there is a folder for others is all that is asked for.
    static = media.with_name("static")
    static.mkdir(exist_ok=True)
    given = {"database": database, "media": str(media), "static": str(static), **more}
    return {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.served", "BENCHMARK": json.dumps(given)}


@contextmanager
def service(
    media: Path, threads: int = 1, interface: str = "wsgi", **more: str
) -> Iterator[Server]:
    """Serve what is in the database that Django is pointed at here, from another process with more variables."""
    environment = {**environment_of(media), **more}
    application = f"cms.{interface}:application"
    with serving(application, environment, threads, interface) as server:
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
                    f"{settings.TEST_DATABASE}; granian with one worker, and one thread where nothing else is "
                    f"said; one client with {AT_ONCE} connections; medians of {ROUNDS} rounds, p50 and p99 over "
                    "one connection"
                )
                with service(media) as large:
                    here.use("small")
                    analyze()
                    with service(media) as small:
                        compare(folder, small)
                        grown(small, large)
                by_threads(folder, media)
                with service(media) as small:
                    memory(small)
        finally:
            connection.close()
            here.stop()


def analyze() -> None:
    """Let the database look at what it has, as one that runs for a while does by itself."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    sys.exit(main())
