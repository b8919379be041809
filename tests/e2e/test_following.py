"""The reference frontend lives on the feed of changes, with nobody to purge it."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from .asking import Place, get, publish
from .between import Between, between
from .servers import ROOT, end, free_port, start


class Website(NamedTuple):
    """The CMS's port, what stands in front of it, and the address of the website."""

    cms: int
    api: Between
    address: str


@pytest.fixture
def website(place: Place) -> Iterator[Website]:
    """A website that may keep what it has read for a day."""
    cms_port, port = free_port(), free_port()
    environment = {**place.environment, "API_S_MAXAGE": "86400"}
    cms = start("asgi", cms_port, "cms.asgi:application", "/api/v2/site/", environment)
    try:
        with between(cms_port) as api:
            environment |= {
                "API_URL": api.address,
                "PYTHONPATH": str(ROOT / "examples" / "frontend"),
            }
            frontend = start("asgi", port, "website.app:app", "/", environment)
            try:
                yield Website(cms_port, api, f"http://localhost:{port}")
            finally:
                end(frontend)
    finally:
        end(cms)


def shown(website: Website, path: str) -> str:
    """Return what a reader sees."""
    with urllib.request.urlopen(website.address + path, timeout=30) as response:
        return str(response.read().decode())


def until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_publish_changes_exactly_the_pages_that_show_it(website: Website, place: Place) -> None:
    listed = json.loads(get(website.cms, "pages/?fields=_,html_url")[1])["items"]
    paths = [urlsplit(page["meta"]["html_url"]).path for page in listed]
    # It has begun to follow before it keeps anything.
    until(lambda: bool(website.api.heard), 10)
    before = {path: shown(website, path) for path in paths}
    used = set(website.api.asked)
    answers = {address: get(website.cms, address) for address in used}
    website.api.asked.clear()
    assert {path: shown(website, path) for path in paths} == before
    assert website.api.asked == []

    key = next(iter(place.pages))
    count = len(website.api.heard)
    assert publish(website.cms, place, key, 1)
    until(lambda: len(website.api.heard) > count, 2)
    time.sleep(0.1)
    after = {path: shown(website, path) for path in paths}
    assert "Title 1" in after[next(path for path in paths if place.pages[key] in path)]
    changed = {address for address in used if get(website.cms, address) != answers[address]}
    assert changed
    # What has changed is asked for again, and nothing else is.
    assert set(website.api.asked) == changed
    titles = {path for path in paths if "Title 1" in after[path]}
    assert {path for path in paths if after[path] != before[path]} == titles
