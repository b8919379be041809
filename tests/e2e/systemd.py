"""A copy of this machine that a systemd of its own runs, in namespaces of Linux: its units are started for real."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from .machines import SECONDS, Machine, Root

CONTROL_GROUPS = Path("/sys/fs/cgroup")

# It gets control groups of its own, which no other process is in, and what a machine has at its start.
BEGIN = """
for hierarchy in $2; do
    mkdir "$hierarchy/$3"
    echo $$ > "$hierarchy/$3/cgroup.procs"
done
exec unshare --pid --uts --ipc --cgroup --fork --kill-child sh -euc "$4" sh "$1" "$2"
"""
BOOT = """
cd "$1"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
if [ "$2" = /sys/fs/cgroup ]; then
    mount -t cgroup2 cgroup2 sys/fs/cgroup
else
    mount -t tmpfs tmpfs sys/fs/cgroup
    for hierarchy in $2; do
        name=${hierarchy##*/}
        mkdir "sys/fs/cgroup/$name"
        case $name in systemd) options=none,name=systemd;; *) options=$name;; esac
        mount -t cgroup -o "$options" cgroup "sys/fs/cgroup/$name"
    done
fi
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do
    touch "dev/$name"
    mount --bind "/dev/$name" "dev/$name"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
# It removes what is in there, which may be much.
mount -t tmpfs -o mode=1777 tmpfs tmp
exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . /lib/systemd/systemd \
    --unit=basic.target --log-target=null --show-status=0
"""


class System:
    """What runs under that systemd, and how something is run beside it."""

    def __init__(self, first: str) -> None:
        """`first` is the number of its first process, as it is outside."""
        self._first = first

    def command(self, *command: str) -> list[str]:
        """Return what runs a command there, as root."""
        kinds = ("--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup", "--root")
        return [
            *("nsenter", f"--target={self._first}", *kinds, "--wd=/"),
            *("env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            *command,
        ]

    def run(self, *command: str) -> str:
        """Run a command to its end, and return what it says."""
        done = subprocess.run(
            self.command(*command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            journal = subprocess.run(
                self.command("journalctl", "--no-pager", "--lines=100"),
                capture_output=True,
                text=True,
                check=False,
            )
            pytest.fail(f"{command}: {done.returncode}\n{done.stdout}\n{journal.stdout}")
        return done.stdout.strip()

    def fact(self, unit: str, name: str) -> str:
        """Return what systemd knows of a unit."""
        return self.run("systemctl", "show", "--value", f"--property={name}", unit)


@contextmanager
def booted(machine: Machine, root: Root) -> Iterator[System]:
    """Have a systemd run what is in a root, until the end."""
    if not shutil.which("systemd", path="/lib/systemd"):
        pytest.fail("There is no systemd: install it (`apt-get install systemd`).")
    hierarchies = _hierarchies()
    own = f"units-{os.getpid()}"
    command = ["sh", "-euc", BEGIN, "sh", str(root.path), " ".join(hierarchies), own, BOOT]
    with (machine.folder / "systemd.log").open("wb") as log:
        process = subprocess.Popen(
            [*machine.inside, *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    machine.processes["systemd"] = process
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    try:
        machine.wait("systemd", ["grep", "--quiet", ".", str(children)])
        [first] = children.read_text("utf-8").split()
        system = System(first)
        machine.wait("systemd", system.command("systemctl", "is-active", "basic.target"))
        yield system
    finally:
        # With it ends all that it has started.
        process.kill()
        process.wait()
        del machine.processes["systemd"]
        for hierarchy in hierarchies:
            _remove(Path(hierarchy, own))


def _remove(group: Path) -> None:
    """Remove a control group, and those in it, once what was in them has ended."""
    deadline = time.monotonic() + SECONDS
    while any(path.read_text("utf-8") for path in group.rglob("cgroup.procs")):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    found = [group, *(path for path in group.rglob("*") if path.is_dir())]
    for path in sorted(found, reverse=True):
        path.rmdir()


def _hierarchies() -> Sequence[str]:
    """Return the control groups of this machine that systemd needs, of either version."""
    if (CONTROL_GROUPS / "cgroup.procs").exists():
        return [str(CONTROL_GROUPS)]
    return [str(CONTROL_GROUPS / name) for name in ("systemd", "memory", "pids")]
