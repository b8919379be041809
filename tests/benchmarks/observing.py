"""`python -m tests.benchmarks.observing`: print what a hit of the cache costs with and without being observed."""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import django

REQUESTS = 3_000
ROUNDS = 9
# What hits are logged to; a file takes no more than a pipe that is read.
LOG = "log"


def main() -> None:
    """Make a database of our own, and measure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection

    from cms.operations import requests
    from cms.operations.observing_wsgi import Observed
    from cms.operations.request_log import RequestLog
    from frontend_api.caching.wsgi import ResponseCache
    from tests import databases

    with tempfile.TemporaryDirectory(prefix="cms-bench-") as name:
        folder = Path(name)
        here = databases.for_run(folder)
        try:
            databases.own_copy(here, folder, "bench")
            with (folder / LOG).open("wb") as file:
                requests.log = RequestLog(file.fileno())
                service = ResponseCache(WSGIHandler())
                cost(service)
                print(f"Python {platform.python_version()}, {settings.TEST_DATABASE}\n")
                print("| what is done | a hit |\n| --- | --- |")
                print(f"| nothing | {cost(service):.1f} µs |")
                observed = Observed(service)
                # As settings are read in a server: what overrides them is slower.
                settings.REQUEST_LOG = "none"
                print(f"| it has an id, and is counted | {cost(observed):.1f} µs |")
                settings.REQUEST_LOG = requests.ALL
                print(f"| it has a line in the log, too | {cost(observed):.1f} µs |")
                requests.log.flush()
        finally:
            connection.close()
            here.stop()


def cost(application: Callable[..., Any]) -> float:
    """Return the processor time of a hit, in microseconds: the smallest of some rounds."""
    environ: dict[str, Any] = {"PATH_INFO": "/api/v2/pages/", "HTTP_HOST": "testserver"}
    setup_testing_defaults(environ)

    def ask() -> None:
        chunks = application(dict(environ), lambda *start: None)
        b"".join(chunks)
        getattr(chunks, "close", lambda: None)()

    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(REQUESTS):
            ask()
        taken.append(time.process_time() - begun)
    return min(taken) / REQUESTS * 1_000_000


if __name__ == "__main__":
    sys.exit(main())
