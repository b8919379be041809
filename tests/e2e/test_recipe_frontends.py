"""The recipes for frontends that keep answers: each is built, and told of what is published by the real CMS."""

import os
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError

import pytest

from frontend_api.caching.cdn.models import PurgeTarget
from frontend_api.changes.models import ChangeLog

from . import node
from .asking import Place, publish
from .recipes import built, wait_until
from .servers import end, free_port, start, wait_until_it_answers

pytestmark = [pytest.mark.once, pytest.mark.long]

SECRET = "only-for-this-test"
# How each is started, and where it shows the page at a path.
NEXT = ("next", ["node_modules/next/dist/bin/next", "start"], "{path}")
NUXT = ("nuxt", [".output/server/index.mjs"], "/api/page?path={path}")
ASTRO = ("astro", ["dist/server/entry.mjs"], "{path}")


class Running(NamedTuple):
    """A CMS, and a frontend that it tells of changes."""

    server: "subprocess.Popen[bytes]"
    cms: int
    frontend: int
    address: str


@pytest.fixture(params=[NEXT, NUXT, ASTRO], ids=lambda recipe: recipe[0])
def running(request: pytest.FixtureRequest, place: Place, tmp_path: Path) -> Iterator[Running]:
    """The frontend of a recipe, beside a CMS that lets it keep answers for a day."""
    name, command, address = request.param
    folder = built(name, tmp_path)
    cms, frontend = free_port(), free_port()
    environment = {
        **place.environment,
        "API_S_MAXAGE": "86400",
        "PURGE_URLS": f"http://127.0.0.1:{frontend}/purge",
        "PURGE_BODY": '{"tags": {tags}}',
        "PURGE_TOKEN": SECRET,
    }
    own = {
        **os.environ,
        "API_URL": f"http://localhost:{cms}/api/v2",
        "HOST": "127.0.0.1",
        "NITRO_HOST": "127.0.0.1",
        "PORT": str(frontend),
        "PURGE_TOKEN": SECRET,
    }
    with ExitStack() as servers:
        server = start("wsgi", cms, "cms.wsgi:application", "/api/v2/site/", environment)
        servers.callback(end, server)
        process = subprocess.Popen(
            [node.program(), *command], cwd=folder, env=own, start_new_session=True
        )
        servers.callback(end, process)
        wait_until_it_answers(f"http://127.0.0.1:{frontend}/purge", process)
        yield Running(server, cms, frontend, f"http://127.0.0.1:{frontend}{address}")


def shown(address: str) -> str:
    """Return what a frontend shows, also where there is no page."""
    try:
        answer = urllib.request.urlopen(address, timeout=30)
    except HTTPError as error:
        answer = error
    with answer:
        return str(answer.read().decode())


def post_purge(port: int, secret: str) -> int:
    """Ask a frontend to purge something with a secret, and return the status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        connection.request("POST", "/purge", b'{"tags": ["none"]}', headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_what_is_published_is_seen(place: Place, running: Running) -> None:
    """It is kept until it is purged, and gone when it is; only the CMS may purge."""
    key, slug = next(iter(place.pages.items()))
    address = running.address.format(path=f"/insight/{slug}/")
    assert "Title 0" in shown(address)
    assert post_purge(running.frontend, "another") == 403
    for number in (1, 2):
        assert publish(running.cms, place, key, number)
        wait_until(lambda: f"Title {number}" in shown(address))  # noqa: B023
    newest = ChangeLog.objects.get().version
    wait_until(lambda: PurgeTarget.objects.filter(purged=newest, failing_since=None).exists())
    assert "Title 2" in shown(address)
    end(running.server)
    # It is the frontend that keeps it, and nothing else was asked.
    assert "Title 2" in shown(address)
