"""What the tests stand on: no test sees another one's data, files or cache, and none leaves the machine."""

import socket
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from wagtail.models import Page, Site

from tests import browsers
from tests.network import NetworkBlockedError, is_this_machine

# Each of these runs several times, in a random order, so that each follows one that has destroyed everything.
TIMES = pytest.mark.parametrize("time", range(2))


def destroy_everything() -> None:
    """Check that everything is there, and delete it."""
    assert Site.objects.filter(is_default_site=True).exists()
    assert Group.objects.filter(name="Editors").exists()
    assert cache.get("test") is None
    cache.set("test", "left behind")
    Site.objects.all().delete()
    Group.objects.all().delete()
    Page.objects.filter(depth=2).delete()


@TIMES
@pytest.mark.django_db
def test_a_rolled_back_test_finds_the_migrated_data(time: int) -> None:
    destroy_everything()


@TIMES
@pytest.mark.django_db(transaction=True)
def test_a_committing_test_finds_the_migrated_data(time: int) -> None:
    destroy_everything()


@pytest.mark.django_db
def test_the_database_is_the_one_asked_for_and_set_up_as_in_production() -> None:
    if settings.TEST_DATABASE == "postgres":
        assert connection.vendor == "postgresql"
        return
    with connection.cursor() as cursor:
        pragmas = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1}


def test_uploads_stay_out_of_the_project(media_folder: Path) -> None:
    assert Path(settings.MEDIA_ROOT) == media_folder
    assert not media_folder.is_relative_to(settings.BASE_DIR)


def test_another_machine_is_out_of_reach() -> None:
    with pytest.raises(NetworkBlockedError, match=r"www\.example\.org:80"):
        urllib.request.urlopen("http://www.example.org/")
    with pytest.raises(NetworkBlockedError, match=r"192\.0\.2\.1:443"):
        socket.create_connection(("192.0.2.1", 443))


def test_this_machine_is_within_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        socket.create_connection(("localhost", listener.getsockname()[1])).close()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.2", True),
        ("::1", True),
        (b"127.0.0.1", True),
        (None, True),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
        ("2001:db8::1", False),
    ],
)
def test_which_hosts_are_this_machine(host: str | bytes | None, expected: bool) -> None:
    assert is_this_machine(host) is expected


@pytest.mark.parametrize(("value", "expected"), [("", False), ("0", False), ("1", True)])
def test_a_browser_is_required_where_the_environment_says_so(
    monkeypatch: pytest.MonkeyPatch, value: str, expected: bool
) -> None:
    monkeypatch.setenv("REQUIRE_BROWSER", value)
    assert browsers.is_required() is expected
