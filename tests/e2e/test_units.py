"""The lines for systemd in `docs/operators.md` are followed in a copy of this machine that systemd runs."""

import json
import os
import re
from collections.abc import Iterator
from functools import partial

import pytest

from tests.conftest import RUN_FOLDER
from tests.deploy.test_ten_lines import blocks

from .machines import asked_for, machine
from .proxies import certificate
from .recipes import wait_until
from .servers import ROOT
from .systemd import System, booted

pytestmark = [pytest.mark.once, pytest.mark.long]

COPY = "/srv/copy"
STATE = "/var/lib/cms"
SERVERS = ("cms@8000", "cms@8001")
# What an operator changes in the example, and what there is one of elsewhere.
CHANGES = (
    "s|^SECRET_KEY=.*|SECRET_KEY=only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ|",
    f"s|^DATABASE_URL=.*|DATABASE_URL=sqlite:///{STATE}/db.sqlite3|",
    "/^CACHE_URL=/d",
    "/^PURGE_/d",
)
ASK = """
import ssl, urllib.request
context = ssl.create_default_context(cafile="/etc/ssl/cms/fullchain.pem")
print(urllib.request.urlopen("https://cms.example.org/api/v2/site/", timeout=20, context=context).read().decode())
"""


@pytest.fixture
def system(request: pytest.FixtureRequest) -> Iterator[System]:
    """The machine, on which the lines were followed."""
    asked_for()
    folder = request.config.stash[RUN_FOLDER] / "units"
    folder.mkdir()
    # The last line asks for a password.
    *lines, last = blocks()[1]
    assert "createsuperuser" in last
    of_systemd = next(number for number, line in enumerate(lines) if "systemctl" in line)
    with machine(folder) as here:
        root = here.fresh("debian")
        root.run("mkdir", "-p", COPY, "/etc/ssl/cms")
        root.share(ROOT, COPY)
        root.run(
            *("sh", "-euc", "\n".join(lines[:of_systemd])),
            folder=COPY,
            environment={key: value for key, value in os.environ.items() if key.startswith("PIP_")},
            is_online=True,
        )
        for change in CHANGES:
            root.run("sed", "-i", change, "/etc/cms/environment")
        (folder / "certificate").mkdir()
        certificate(folder / "certificate")
        root.share(folder / "certificate", "/etc/ssl/cms")
        root.run("sh", "-c", "echo 127.0.0.1 cms.example.org www.example.org >> /etc/hosts")
        with booted(here, root) as system:
            system.run("systemctl", "start", "nginx")
            system.run("sh", "-euc", "\n".join([f"cd {COPY}", *lines[of_systemd:]]))
            yield system


def main_processes(system: System) -> list[str]:
    return [system.fact(unit, "MainPID") for unit in (*SERVERS, "cms-worker@1")]


def readers_are_answered(system: System) -> None:
    assert json.loads(system.run("python3", "-c", ASK))["root_url"] == "https://www.example.org"


def it_has_room_enough_with_django_in_a_process_of_its_own(system: System) -> None:
    for unit in SERVERS:
        group = system.fact(unit, "ControlGroup")
        listed = system.run("systemd-cgls", "--full", "--no-pager", group)
        assert listed.count("cms.behind") == 2
        assert int(system.fact(unit, "MemoryCurrent")) < int(system.fact(unit, "MemoryMax")) / 2
        assert int(system.fact(unit, "TasksCurrent")) < 100


def it_can_write_nowhere_but_in_its_folder(system: System) -> None:
    number = system.fact(SERVERS[0], "MainPID")

    within = ("nsenter", f"--target={number}", "--mount", "--root", "--wd=/")
    # Not even root could, if it were there.
    for path in ("/opt/cms/x", "/etc/cms/x", "/opt/cms/.venv/x", "/usr/x", "/root/x"):
        refused = system.run(*within, "sh", "-c", f"! touch {path} 2>&1")
        assert "Read-only file system" in refused
    as_it = (*within, "setpriv", "--reuid=cms", "--regid=cms", "--clear-groups", "sh", "-c")
    system.run(*as_it, f"touch {STATE}/x /tmp/x && rm {STATE}/x /tmp/x")
    # The secret key is in it.
    assert "Permission denied" in system.run(*as_it, "! cat /etc/cms/environment 2>&1")
    status = system.run("cat", f"/proc/{number}/status")
    assert re.search(r"^NoNewPrivs:\t1$", status, re.MULTILINE)
    assert re.search(r"^CapBnd:\t0+$", status, re.MULTILINE)


def it_migrates_while_servers_go_on(system: System) -> None:
    before = main_processes(system)
    system.run("systemctl", "reload", "cms-migrate")
    assert main_processes(system) == before


def one_server_is_restarted_after_the_other(system: System) -> None:
    before = main_processes(system)
    for unit in SERVERS:
        system.run("systemctl", "restart", unit)
        readers_are_answered(system)
    assert not {*main_processes(system)[:2]} & {*before}
    assert main_processes(system)[2] == before[2]


def is_started_again(system: System, unit: str) -> bool:
    return [system.fact(unit, name) for name in ("NRestarts", "ActiveState")] == ["1", "active"]


def what_is_killed_is_started_again(system: System) -> None:
    for unit in (SERVERS[0], "cms-worker@1"):
        system.run("systemctl", "kill", "--signal=KILL", unit)
        wait_until(partial(is_started_again, system, unit))
    readers_are_answered(system)


def test_the_lines_for_systemd_put_the_service_up(system: System) -> None:
    readers_are_answered(system)
    it_has_room_enough_with_django_in_a_process_of_its_own(system)
    it_can_write_nowhere_but_in_its_folder(system)
    it_migrates_while_servers_go_on(system)
    one_server_is_restarted_after_the_other(system)
    what_is_killed_is_started_again(system)
