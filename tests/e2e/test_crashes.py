"""Servers that are killed at any moment, and several at once: nothing is lost, and nothing stale is served."""

import random
import re
import signal
import threading
import time
from http.client import HTTPException

from django.conf import settings
from django.db import connections
from wagtail.models import Revision

from frontend_api.changes.models import Change, ChangeLog
from frontend_api.feed.models import PublicChange, PublicState
from insights.models import InsightPage
from tests.frontend_api.feed.copies import Copy

from .asking import Place, fetch_from, get, publish
from .servers import end, free_port, start

KILLS = 2


def addresses(place: Place) -> list[str]:
    """Return what is read: pages, listings and a search."""
    listings = [
        "insights/",
        "insights/?order=title",
        "pages/?order=-title",
        "insights/?search=Title",
    ]
    return [*(f"insights/{key}/" for key in place.pages), *listings]


def check(port: int, place: Place) -> None:
    """Hold what a server gives from its cache to what it renders anew, and the log to the pages."""
    for address in addresses(place):
        # A session is a credential, which goes past the cache.
        anew = get(port, address, Cookie=f"{settings.SESSION_COOKIE_NAME}=x")
        assert get(port, address) == anew, address
        assert anew[0] == 200
    connections.close_all()
    versions = list(Change.objects.order_by("version").values_list("version", flat=True))
    assert versions == list(range(versions[0], versions[-1] + 1))
    assert ChangeLog.objects.get().version == versions[-1]
    numbers = list(PublicChange.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert PublicState.objects.get().number == numbers[-1]


def check_copy(port: int, copy: Copy) -> None:
    """Hold a copy that has followed the feed, and fetched no more than it had to, to a new one."""
    copy.turn_to(fetch_from(port))
    copy.follow()
    assert len(copy.fetched) < len(copy.kept)
    assert copy.said() == Copy(fetch_from(port)).said()


def test_a_server_that_is_killed_loses_nothing_and_serves_nothing_stale(place: Place) -> None:
    numbers = dict.fromkeys(place.pages, 0)
    answered = dict.fromkeys(place.pages, 0)
    writers = list(place.pages)[:2]
    copy: Copy | None = None
    chance = random.Random(time.time_ns())
    for _ in range(KILLS):
        port = free_port()
        server = start("wsgi", port, "cms.wsgi:application", "/api/v2/site/", place.environment)
        killed = threading.Event()
        copy = copy or Copy(fetch_from(port))

        def write(key: int, port: int = port, killed: threading.Event = killed) -> None:
            while not killed.is_set():
                numbers[key] += 1
                if publish(port, place, key, numbers[key]):
                    answered[key] = numbers[key]

        def read(port: int = port, killed: threading.Event = killed) -> None:
            while not killed.is_set():
                for address in addresses(place):
                    try:
                        assert get(port, address)[0] == 200
                    except (HTTPException, OSError):
                        break

        threads = [threading.Thread(target=write, args=[key]) for key in writers]
        threads.append(threading.Thread(target=read))
        for thread in threads:
            thread.start()
        # On a busy machine the first answers take longer than the server is to live.
        give_up = time.monotonic() + 60
        while not all(answered[key] for key in writers) and time.monotonic() < give_up:
            time.sleep(0.05)
        time.sleep(chance.uniform(1.0, 2.5))
        end(server, signal.SIGKILL)
        killed.set()
        for thread in threads:
            thread.join()
        server = start("wsgi", port, "cms.wsgi:application", "/api/v2/site/", place.environment)
        try:
            check(port, place)
            check_copy(port, copy)
        finally:
            end(server)
        for key in place.pages:
            title = InsightPage.objects.get(pk=key).title
            published = int(re.fullmatch(r"Title (\d+)", title)[1])  # type: ignore[index]
            # What was answered is there; what was not may be.
            assert answered[key] <= published <= numbers[key]
            # Each publish makes a revision, and logs a change: both or neither.
            of_page = {"object_id": str(key)}
            revisions = Revision.objects.filter(**of_page).count()
            assert Change.objects.filter(kind="updated", **of_page).count() == revisions
        connections.close_all()
    assert all(answered[key] for key in writers)


def test_what_one_server_publishes_no_other_serves_stale(place: Place) -> None:
    # Each has a cache of its own, in its memory.
    environment = {**place.environment, "CACHE_URL": "locmemcache://"}
    ports = [free_port(), free_port()]
    servers = []
    try:
        for port in ports:
            servers.append(
                start("wsgi", port, "cms.wsgi:application", "/api/v2/site/", environment)
            )
        key = next(iter(place.pages))
        copies = [Copy(fetch_from(port)) for port in ports]
        for number in range(1, 9):
            for port in ports:
                for address in addresses(place):
                    get(port, address)
            assert publish(ports[number % 2], place, key, number)
            for port in ports:
                for address in (f"insights/{key}/", "insights/", "insights/?search=Title"):
                    status, body = get(port, address)
                    assert status == 200
                    assert f'"Title {number}"'.encode() in body, address
        for port, copy in zip(ports, reversed(copies), strict=True):
            check(port, place)
            check_copy(port, copy)
    finally:
        for server in servers:
            end(server)
