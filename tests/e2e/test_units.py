"""The lines for systemd at the top of `docs/operators.md` are followed, and the units run by their own commands.

Nothing here is systemd: each command runs as the account, in the folder and with the variables that its unit names, and
can write where the unit lets it. What pip installs is what the tests run on, since the image's test installs it.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import RUN_FOLDER
from tests.deploy.test_ten_lines import blocks

from .machines import Machine, Root, asked_for, machine
from .servers import ROOT

pytestmark = [pytest.mark.once, pytest.mark.long]

PORT = "8000"
STATE = "/var/lib/cms"
# What an operator changes in the example.
CHANGED = {
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "DATABASE_URL": f"sqlite:///{STATE}/db.sqlite3",
}
# What there is one of elsewhere.
LEFT_OUT = ("CACHE_URL", "PURGE_URLS", "PURGE_TOKEN")
ASK = """
import urllib.request
headers = {"Host": "cms.example.org", "X-Forwarded-Proto": "https"}
asked = urllib.request.Request("http://127.0.0.1:8000/api/v2/site/", headers=headers)
print(urllib.request.urlopen(asked, timeout=20).read().decode())
"""


class Debian:
    """A machine on which the lines were followed."""

    def __init__(self, one: Machine) -> None:
        self.machine = one
        self.root: Root = one.fresh("debian")
        self._follow()
        uid = self.root.run("id", "--user", "cms").strip()
        gid = self.root.run("id", "--group", "cms").strip()
        self.user = f"{uid}:{gid}"
        # StateDirectory= makes it, and ProtectSystem=strict leaves nothing else to write in but /tmp.
        state = one.folder / "state"
        state.mkdir()
        os.chown(state, int(uid), int(gid))
        self.root.run("mkdir", "-p", STATE)
        self.root.lock()
        self.root.share_programs()
        self.root.share(state, STATE)

    def _follow(self) -> None:
        """Run the lines, but for those which ask something of systemd or install what is there."""
        for name in ("systemctl", "systemd-run"):
            stand_in = f"/usr/local/bin/{name}"
            self.root.run("sh", "-c", f"printf '#!/bin/sh\n' > {stand_in} && chmod +x {stand_in}")
        self.root.run("mkdir", "-p", "/etc/nginx/conf.d", "/etc/systemd/system", "/opt/cms/.venv")
        lines = [
            line for line in blocks()[1] if "python3 -m venv" not in line and "bin/pip" not in line
        ]
        assert len(lines) == len(blocks()[1]) - 2
        self.root.run("sh", "-eu", "-c", "\n".join(lines), folder=str(ROOT))
        self.root.share(Path(sys.prefix), "/opt/cms/.venv")
        for program in (Path(sys.executable), Path(sys.executable).resolve()):
            for folder in program.parents:
                self.machine.run("chmod", "a+x", f"{self.root.path}{folder}")
        for name, value in CHANGED.items():
            self.root.run("sed", "-i", f"s|^{name}=.*|{name}={value}|", "/etc/cms/environment")
        for name in LEFT_OUT:
            self.root.run("sed", "-i", f"/^{name}=/d", "/etc/cms/environment")

    def unit(self, name: str) -> dict[str, list[str]]:
        """Return the settings of a unit that was installed, each with all its values."""
        text = self.root.run("cat", f"/etc/systemd/system/{name}").replace("%i", PORT)
        found: dict[str, list[str]] = {}
        for key, value in re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE):
            found.setdefault(key, []).append(value)
        return found

    def how(self, unit: dict[str, list[str]]) -> dict[str, Any]:
        """Return how commands of a unit run."""
        assert unit["User"] == unit["Group"] == ["cms"]
        assert unit["ProtectSystem"] == ["strict"]
        assert f"/var/lib/{unit['StateDirectory'][0]}" == STATE
        given = self.root.run("cat", unit["EnvironmentFile"][0])
        variables = dict(re.findall(r"^([A-Z_]+)=(.*)$", given, re.MULTILINE))
        own = dict(one.split("=", 1) for one in unit["Environment"][0].split())
        return {
            "user": self.user,
            "folder": unit["WorkingDirectory"][0],
            "environment": variables | own,
        }


@pytest.fixture(scope="module")
def debian(request: pytest.FixtureRequest) -> Iterator[Debian]:
    """The machine, on which nothing has been started yet."""
    asked_for()
    folder = request.config.stash[RUN_FOLDER] / "units"
    folder.mkdir()
    for one in (folder, folder.parent):
        one.chmod(0o711)
    with machine(folder) as here:
        yield Debian(here)


def test_the_units_run_by_their_own_commands(debian: Debian) -> None:
    before = debian.unit("cms-migrate.service")
    for command in before["ExecStart"]:
        debian.root.run(*command.split(), **debian.how(before))
    for name in ("cms@.service", "cms-worker@.service"):
        unit = debian.unit(name)
        [command] = unit["ExecStart"]
        debian.root.start(name, command.split(), **debian.how(unit))
    server = debian.unit("cms@.service")
    # The unit has started once this has ended.
    program, _, script = server["ExecStartPost"][0].partition(" /bin/sh -c ")
    script = script.strip("'").replace("\\'", "'")
    post = [*program.split(), "/bin/sh", "-c", script]
    debian.machine.wait("cms@.service", debian.root.command(post, **debian.how(server)))
    assert "https://www.example.org" in debian.root.run(sys.executable, "-c", ASK)
    # systemd kills what does not end in time.
    patience = float(server["TimeoutStopSec"][0])
    assert debian.machine.end("cms@.service", patience) == 0
    assert debian.machine.processes["cms-worker@.service"].poll() is None
    status = Path(f"/proc/{debian.machine.processes['cms-worker@.service'].pid}/status")
    assert "NoNewPrivs:\t1" in status.read_text("utf-8")


def test_the_units_can_write_nowhere_but_in_their_folder(debian: Debian) -> None:
    how = debian.how(debian.unit("cms@.service"))
    for path in ("/opt/cms/x", "/etc/cms/x", "/opt/cms/.venv/x"):
        debian.root.run("sh", "-c", f"! touch {path} 2>/dev/null", **how)
    # The secret key is in it.
    debian.root.run("sh", "-c", "! cat /etc/cms/environment 2>/dev/null", **how)
    debian.root.run("sh", "-c", f"touch {STATE}/x && rm {STATE}/x", **how)
