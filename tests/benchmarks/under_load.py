"""`python -m tests.benchmarks.under_load`: what `docs/performance.md` says of hits through ASGI, measured now.

First a hit beside a bare Django view. Then hits while others log in, read what is not kept, send slowly and publish,
all at the same time, beside hits while nobody does.
"""

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import django

from .busy import EDITORS, Form, busy
from .load import Request, ask, read
from .over_http import JSON, Section, analyze, measure, row, service, table
from .servers import Server, serving

CONNECTIONS = (8, 64)
SECONDS = 20
WARM = 5
"""After so many seconds all of the load is there."""
PACE = 0.01
"""After so many seconds the next hit is asked for."""
OWN = "/api/v2/insights/?limit=20"


def beside_a_bare_view(folder: Path, media: Path) -> None:
    """Measure hits through ASGI and through WSGI beside a bare Django view, at few and many connections."""
    cached = Request(OWN, JSON)
    with service(media, interface="asgi") as asgi, service(media) as wsgi:
        (folder / "bodies").mkdir()
        (folder / "bodies" / "body").write_bytes(read(asgi.port, cached)[1])
        environment = {"BARE_BODIES": str(folder / "bodies")}
        with serving("tests.benchmarks.bare:application", environment) as bare:
            sections = [
                section
                for at_once in CONNECTIONS
                for section in (
                    Section(f"a bare view, {at_once}", bare, [Request("/body", JSON)], at_once),
                    Section(f"cached, WSGI, {at_once}", wsgi, [cached], at_once),
                    Section(f"cached, ASGI, {at_once}", asgi, [cached], at_once),
                )
            ]
            measure(*sections)
    table("cached to a bare view, connections", "times the requests/s", "times less of a core")
    for view, *hits in zip(sections[::3], sections[1::3], sections[2::3], strict=True):
        for hit in hits:
            row(hit.name, f"{hit.rate / view.rate:.2f}", f"{view.cost / hit.cost:.2f}")


def hits(server: Server, seconds: float) -> list[float]:
    """Ask for what is kept at a steady pace, and return how long each took, in milliseconds."""
    times = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        times += ask(server.port, [Request(OWN, JSON)], count=1).times
        time.sleep(PACE)
    return [1000 * one for one in times]


def isolation(media: Path) -> None:
    """Measure hits alone and under load: by one process, with readers apart, and with Django apart."""
    from tests.benchmarks.publishing import form_of
    from tests.cms.admin import PUBLISH, edit_url
    from tests.e2e.asking import logged_in
    from tests.factories import ImageFactory, ProgrammePageFactory

    image = ImageFactory().pk
    pages = [
        ProgrammePageFactory(title=f"Edited {at}", slug=f"edited-{at}") for at in range(EDITORS)
    ]
    forms = [(edit_url(page), {**form_of(page.title, [image]), **PUBLISH}) for page in pages]
    session = logged_in()
    with service(media, interface="asgi") as one:
        _isolation("one process", one, one, session, forms)
        with service(media, interface="asgi", SERVES="readers") as readers:
            _isolation("readers apart", readers, one, session, forms)
    with service(media, interface="asgi", DJANGO_APART="yes") as apart:
        _isolation("Django apart", apart, apart, session, forms)


def _isolation(
    name: str, readers: Server, editors: Server, session: str, forms: Sequence[Form]
) -> None:
    hits(readers, WARM)
    idle = hits(readers, SECONDS)
    with busy(readers, editors, session, forms) as done:
        time.sleep(WARM)
        loaded = hits(readers, SECONDS)
    table(f"hits, {name}", "number", "p50", "p99")
    for when, times in (("alone", idle), ("under load", loaded)):
        row(when, f"{len(times):,}", f"{statistics.median(times):.2f} ms", f"{_p99(times):.2f} ms")
    row("p99, times", "", "", f"{_p99(loaded) / _p99(idle):.2f}")
    table("meanwhile, and the status", "a second")
    for what, number in sorted(done.answers.items()):
        row(what, f"{number / done.seconds:.1f}")


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[-1]


def main() -> None:
    """Make a site, and measure."""
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
        try:
            databases.own_copy(here, folder, "loaded")
            with override_settings(MEDIA_ROOT=folder / "media", DEBUG=False):
                content.make()
                grow(1_000, 100)
                analyze()
                print(
                    f"{os.cpu_count()} cores, Python {platform.python_version()}, {settings.TEST_DATABASE}; "
                    f"granian with one worker"
                )
                beside_a_bare_view(folder, folder / "media")
                isolation(folder / "media")
        finally:
            connection.close()
            here.stop()


if __name__ == "__main__":
    sys.exit(main())
