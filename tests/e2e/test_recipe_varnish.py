"""The recipe for Varnish, with a real one in front of the API."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.db.models import F

from frontend_api.caching.cdn.models import PurgeTarget

from .asking import Place, publish
from .recipes import RECIPES, program, wait_until
from .servers import end, free_port, start, wait_until_it_answers

pytestmark = pytest.mark.once


@pytest.fixture
def ports(place: Place, tmp_path: Path) -> Iterator[tuple[int, int]]:
    """The ports of the CMS and of the Varnish in front of it, which may keep everything for a day."""
    varnishd = program("varnishd", "varnish varnish-modules")
    cms, varnish = free_port(), free_port()
    recipe = (RECIPES / "varnish" / "default.vcl").read_text()
    here = recipe.replace('.host = "cms"; .port = "8000"', f'.host = "127.0.0.1"; .port = "{cms}"')
    here = here.replace('acl purgers { "192.0.2.10"; }', 'acl purgers { "127.0.0.1"; }')
    assert here.count("127.0.0.1") == 2
    script = tmp_path / "here.vcl"
    script.write_text(here)
    environment = {
        **place.environment,
        "API_S_MAXAGE": "86400",
        "PURGE_URLS": f"http://127.0.0.1:{varnish}/",
    }
    with ExitStack() as running:
        # As the account of the tests, which alone gets at their files.
        arguments = [
            "-j",
            "none",
            "-F",
            "-n",
            str(tmp_path / "varnish"),
            "-a",
            f"127.0.0.1:{varnish}",
        ]
        process = subprocess.Popen(
            [varnishd, *arguments, "-f", str(script), "-s", "malloc,16m"],
            start_new_session=True,
        )
        running.callback(end, process)
        running.callback(
            end, start("wsgi", cms, "cms.wsgi:application", "/api/v2/site/", environment)
        )
        wait_until_it_answers(f"http://127.0.0.1:{varnish}/api/v2/site/", process)
        yield cms, varnish


def ask(port: int, address: str, **headers: str) -> tuple[bytes, bool, str]:
    """Return what Varnish answers, whether it had that already, and the names that it is purged by."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", f"/api/v2/{address}", headers=headers)
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200
        # Two numbers: this request's, and that of the one that it was fetched by.
        is_hit = len((response.getheader("X-Varnish") or "").split()) == 2
        return body, is_hit, response.getheader("Surrogate-Key") or ""
    finally:
        connection.close()


def purge(port: int, names: str) -> int:
    """Ask Varnish to purge, and return the status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("PURGE", "/", headers={"Surrogate-Key": names})
        return connection.getresponse().status
    finally:
        connection.close()


def test_varnish_answers_alone_until_what_it_has_is_old(
    place: Place, ports: tuple[int, int]
) -> None:
    cms, varnish = ports
    key, other = list(place.pages)[:2]
    for address in (f"pages/{key}/", f"pages/{other}/"):
        ask(varnish, address)
        assert ask(varnish, address)[1]
    # What takes few names is kept beside the rest, and purged with it.
    limited = {"Cache-Tag-Limit": "4"}
    ask(varnish, f"pages/{key}/", **limited)
    _, is_hit, names = ask(varnish, f"pages/{key}/", **limited)
    assert is_hit
    assert len(names.split()) <= 4
    # The first purge of all is one of everything, and the next ones are of all that is not a minute old.
    assert publish(cms, place, key, 1)
    until_shown(varnish, f"pages/{key}/", "Title 1")
    wait_until(lambda: PurgeTarget.objects.filter(purged__isnull=False).exists())
    PurgeTarget.objects.update(settled=F("purged"), seen=[])
    ask(varnish, f"pages/{other}/")
    ask(varnish, f"pages/{key}/", **limited)
    assert publish(cms, place, key, 2)
    until_shown(varnish, f"pages/{key}/", "Title 2")
    until_shown(varnish, f"pages/{key}/", "Title 2", **limited)
    assert ask(varnish, f"pages/{other}/")[1]


def until_shown(port: int, address: str, title: str, **headers: str) -> None:
    """Wait until Varnish answers with a title."""
    wait_until(lambda: f'"{title}"'.encode() in ask(port, address, **headers)[0])


def test_varnish_is_purged_of_everything_by_one_name(place: Place, ports: tuple[int, int]) -> None:
    _, varnish = ports
    site, _, names = ask(varnish, "site/")
    assert ask(varnish, "pages/")[2]
    assert ask(varnish, "pages/")[1]
    everything = next(name for name in names.split() if name.encode() in site)
    assert purge(varnish, everything) == 200
    assert not ask(varnish, "pages/")[1]
