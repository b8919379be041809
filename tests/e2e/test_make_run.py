"""The processes of `make run`, as its Procfile starts them."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from frontend_api.caching.cdn.models import PurgeTarget

from .asking import Place, publish
from .servers import ROOT, end, free_port, wait_until_it_answers

pytestmark = pytest.mark.once

SECONDS = 60
PROCESSES = ["cms", "worker", "frontend"]


@pytest.fixture
def ports(place: Place) -> Iterator[tuple[int, int]]:
    """The ports of the CMS and of the frontend, which may keep what it has read for a day."""
    cms, frontend = free_port(), free_port()
    environment = {
        **place.environment,
        "PATH": f"{Path(sys.executable).parent}:{place.environment['PATH']}",
        "CMS_PORT": str(cms),
        "FRONTEND_PORT": str(frontend),
        "API_S_MAXAGE": "86400",
    }
    with ExitStack() as running:
        process = subprocess.Popen(
            [sys.executable, "-m", "honcho", "--env", "/dev/null", "start", *PROCESSES],
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )
        running.callback(end, process)
        wait_until_it_answers(f"http://localhost:{cms}/api/v2/site/", process)
        wait_until_it_answers(f"http://localhost:{frontend}/", process)
        yield cms, frontend


def seconds_until(address: str, text: str) -> float:
    """Return after how many seconds a page of the frontend shows a text."""
    before = time.monotonic()
    while text not in urllib.request.urlopen(address, timeout=10).read().decode():
        assert time.monotonic() - before < SECONDS, f"{text} is not shown."
        time.sleep(0.1)
    return time.monotonic() - before


def test_what_is_published_is_seen_within_two_seconds(place: Place, ports: tuple[int, int]) -> None:
    """Without a cron job: the worker tells the frontend of each change."""
    cms, frontend = ports
    before = time.monotonic()
    while not PurgeTarget.objects.filter(purged__isnull=False).exists():
        assert time.monotonic() - before < SECONDS, "The frontend is purged of nothing."
        time.sleep(0.1)
    key, slug = next(iter(place.pages.items()))
    address = f"http://localhost:{frontend}/insight/{slug}/"
    seconds_until(address, "Title 0")
    waited = []
    for number in (1, 2, 3):
        assert publish(cms, place, key, number)
        waited.append(seconds_until(address, f"Title {number}"))
    # A machine that is busy may be late for once.
    assert min(waited) < 2, waited
