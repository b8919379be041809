"""`migrate` runs one at a time, whoever starts it."""

import os
import subprocess
import sys
import time
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from cms.migration_lock import migration_lock
from tests.e2e.servers import ROOT, database_address
from tests.threads import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)

HOLD = """
import django, time
django.setup()
from django.db import connection
from cms.migration_lock import migration_lock
with migration_lock(connection, lambda: print("taken", flush=True)):
    print("held", flush=True)
    time.sleep(60)
"""


def nobody_waits() -> None:
    pytest.fail("Somebody else holds the lock.")


def test_who_comes_second_says_so_and_waits() -> None:
    said = StringIO()
    with migration_lock(connection, nobody_waits):
        second = Elsewhere(lambda: call_command("migrate", verbosity=0, stderr=said))
        while not said.getvalue():
            assert second.is_going_on()
            time.sleep(0.05)
        # Looking changes nothing, and waits for nobody.
        call_command("migrate", plan=True, stdout=StringIO())
        call_command("migrate", check_unapplied=True, stdout=StringIO())
        assert second.is_going_on()
    second.join()
    assert said.getvalue() == "Another migrate is running; waiting until it has ended.\n"
    with migration_lock(connection, nobody_waits):
        pass


def test_who_is_killed_lets_go() -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": database_address(),
        "DJANGO_SETTINGS_MODULE": "cms.settings.local",
    }
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], cwd=ROOT, env=environment, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        told: list[float] = []

        def kill() -> None:
            told.append(time.monotonic())
            other.kill()

        with migration_lock(connection, kill):
            assert time.monotonic() - told[0] < 10
