"""The image is built, and what `deploy/compose.yaml` names runs together on it."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import RUN_FOLDER
from tests.deploy.test_files import COMPOSE, KUBERNETES

from .composed import Composed
from .images import built
from .machines import asked_for, machine
from .servers import children, command_of

pytestmark = [pytest.mark.once, pytest.mark.long]

ORDER = ("database", "cache", "migrate", "cms", "worker", "frontend", "proxy")
CMS = "https://cms.example.org"
WEBSITE = "https://www.example.org"

# Asks for what is not as it should be; there is nothing once a worker has been seen.
READY = """
import json, sys, urllib.request
facts = json.load(urllib.request.urlopen("http://127.0.0.1:8000/readyz", timeout=9))["facts"]
wrong = [name for name, is_good in facts.items() if not is_good]
sys.exit(f"{wrong}" if wrong else 0)
"""

TASKS = 100
"""Processes and threads of a server, which are bounded in some places; podman's own bound is 2,048."""


def processes(composed: Composed, name: str) -> list[int]:
    """Return all processes of a service of the image."""
    found = [composed.machine.processes[name].pid]
    for number in found:
        for task in Path(f"/proc/{number}/task").iterdir():
            found += map(int, (task / "children").read_text("utf-8").split())
    return found


def memory(number: int) -> int:
    """Return how many kibibytes a process takes, with its part of what it shares."""
    [found] = re.findall(
        r"^Pss: +(\d+) kB$", Path(f"/proc/{number}/smaps_rollup").read_text("utf-8"), re.MULTILINE
    )
    return int(found)


@pytest.fixture
def composed(request: pytest.FixtureRequest) -> Iterator[Composed]:
    """All of it, in an order in which compose may start it."""
    asked_for()
    assert set(ORDER) == set(COMPOSE)
    folder = request.config.stash[RUN_FOLDER] / "composed"
    folder.mkdir()
    # Accounts other than root pass through.
    for one in (folder, folder.parent):
        one.chmod(0o711)
    with ExitStack() as running:
        here = running.enter_context(machine(folder))
        image = running.enter_context(built(folder, "Containerfile"))
        started = Composed(here, image, folder)
        for name in ORDER:
            started.start(name)
        yield started


def readers_get_the_site_and_editors_the_admin(composed: Composed) -> None:
    assert json.loads(composed.read(f"{CMS}/api/v2/site/"))["root_url"] == WEBSITE
    assert 'name="password"' in composed.read(f"{CMS}/admin/login/")
    assert "<html" in composed.read(f"{WEBSITE}/")
    # What the proxy keeps for those within.
    for address in (f"{CMS}/readyz", f"{WEBSITE}/purge"):
        command = composed.asking(address)
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "404" in refused.stderr


def the_service_can_write_nowhere_but_where_it_has_to(composed: Composed) -> None:
    for path in ("/srv/cms/x", "/srv/static/x", "/opt/venv/x", "/etc/x"):
        script = f"! touch {path} 2>/dev/null"
        composed.within("cms", "sh", "-c", script)
    composed.within("worker", "sh", "-c", "touch /tmp/x && touch /srv/media/x && rm /srv/media/x")
    for number in (*processes(composed, "cms"), *processes(composed, "worker")):
        status = Path(f"/proc/{number}/status").read_text("utf-8")
        said = dict(line.split(":\t", 1) for line in status.splitlines())
        assert said["Uid"].split() == ["10001"] * 4
        assert said["Gid"].split() == ["10001"] * 4
        assert said["Groups"].strip() == ""
        assert said["NoNewPrivs"] == "1"
        assert int(said["CapEff"], 16) == 0
    for program in ("pip", "gcc", "curl"):
        composed.within("cms", "sh", "-c", f"! command -v {program}")


def django_has_a_process_of_its_own_within_what_is_allowed(composed: Composed) -> None:
    server = composed.machine.processes["cms"]
    running = processes(composed, "cms")
    assert sum(b"cms.behind" in command_of(number) for number in running) == len(children(server))
    # What Kubernetes keeps for it.
    [container] = KUBERNETES[0]["spec"]["template"]["spec"]["containers"]
    kept = container["resources"]["requests"]["memory"]
    taken = sum(memory(number) for number in running)
    assert taken < int(kept[:-2]) * {"Mi": 1024, "Gi": 1024**2}[kept[-2:]]
    tasks = sum(len([*Path(f"/proc/{number}/task").iterdir()]) for number in running)
    assert tasks < TASKS


def it_is_ready_and_ends_when_it_is_told_to(composed: Composed) -> None:
    assert composed.image.stop_signal == "SIGTERM"
    # All is well once the worker was seen.
    root, how = composed.ours["cms"]
    composed.machine.wait("worker", root.command(["python3", "-c", READY], **how))
    for name in ("worker", "cms"):
        assert composed.machine.end(name) == 0, composed.machine.log(name)


def test_what_compose_names_runs_together_on_the_image_that_is_built(composed: Composed) -> None:
    readers_get_the_site_and_editors_the_admin(composed)
    the_service_can_write_nowhere_but_where_it_has_to(composed)
    django_has_a_process_of_its_own_within_what_is_allowed(composed)
    it_is_ready_and_ends_when_it_is_told_to(composed)
