"""Machines of a test's own: namespaces of Linux in which ports, hosts, accounts and paths are those of `deploy/`.

Nothing outside is changed: what is mounted, listened at or installed there goes with the machine.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from .servers import ROOT

# The interface of the machine for itself, which is down at first. It ends with whoever holds its input.
HOLD = """
import fcntl, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    fcntl.ioctl(one, 0x8914, struct.pack("16sh", b"lo", 0x41))
print("ready", flush=True)
sys.stdin.read()
"""
SECONDS = 600


def asked_for() -> None:
    """Skip the test unless `REQUIRE_IMAGE=1` asks for it: it takes minutes, root, and maybe a builder of images."""
    if os.environ.get("REQUIRE_IMAGE", "") in {"", "0"}:
        pytest.skip("REQUIRE_IMAGE=1 has the image built and run, and the units run.")


class Root:
    """The root folder of a machine, and how programs run in it."""

    def __init__(self, machine: "Machine", path: Path) -> None:
        self.machine, self.path = machine, path
        for kind in ("dev", "proc"):
            machine.run("mount", "--rbind", f"/{kind}", str(path / kind))

    def command(
        self,
        command: Sequence[str],
        *,
        user: str = "0:0",
        folder: str = "/",
        environment: Mapping[str, str] | None = None,
    ) -> list[str]:
        """Return what runs a command in this root, as an account and in an environment that has nothing else."""
        variables = [f"{name}={value}" for name, value in (environment or {}).items()]
        if not any(one.startswith("PATH=") for one in variables):
            variables.append("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        # Whoever is not root gains nothing by whatever it starts.
        locked = [] if user == "0:0" else ["setpriv", "--no-new-privs"]
        return [
            *self.machine.inside,
            *locked,
            "chroot",
            f"--userspec={user}",
            "--groups=",
            str(self.path),
            "env",
            "-i",
            f"--chdir={folder}",
            *variables,
            *command,
        ]

    def run(self, *command: str, **how: object) -> str:
        """Run a command to its end, and return what it says."""
        done = subprocess.run(
            self.command(command, **how),  # type: ignore[arg-type]
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}"
        return done.stdout

    def start(self, name: str, command: Sequence[str], **how: object) -> "subprocess.Popen[bytes]":
        """Start a command that goes on; it ends with the machine."""
        with (self.machine.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                self.command(command, **how),  # type: ignore[arg-type]
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.machine.processes[name] = process
        return process

    def lock(self) -> None:
        """Let nothing be written here but in `/tmp`, which is new, and in what is shared."""
        self.machine.run("mount", "--options", "remount,bind,ro", str(self.path))
        self.machine.run(
            *("mount", "--types", "tmpfs", "--options", "mode=1777"),
            *("tmpfs", str(self.path / "tmp")),
        )

    def share(self, folder: Path, path: str) -> None:
        """Have a folder or file of ours in this root, too."""
        self.machine.run("mount", "--bind", str(folder), f"{self.path}{path}")

    def share_programs(self) -> None:
        """Have the programs of the tests where they are, though that be in the `/tmp` which locking has hidden."""
        for path in {Path(sys.prefix), Path(sys.prefix).resolve()}:
            self.machine.run("mkdir", "-p", f"{self.path}{path}")
            self.share(path, str(path))


class Machine:
    """A network and mounts of its own, where hosts have the names that it is given, and what runs there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "--propagation", "private", sys.executable, "-c", HOLD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._holder.stdout
        assert self._holder.stdout.readline() == b"ready\n"
        self.inside = ["nsenter", f"--target={self._holder.pid}", "--net", "--mount"]

    def run(self, *command: str) -> None:
        """Run a command of this machine's own in it."""
        subprocess.run([*self.inside, *command], check=True)

    def within(self, act: Callable[[], None]) -> None:
        """Run something in a thread whose network, with that of all it starts, is this machine's."""

        def enter_and_act() -> None:
            with Path(f"/proc/{self._holder.pid}/ns/net").open() as network:
                # Python has it from 3.12 on.
                assert ctypes.CDLL(None, use_errno=True).setns(network.fileno(), 0) == 0
            act()

        with ThreadPoolExecutor(1) as thread:
            thread.submit(enter_and_act).result()

    def root(self, name: str, source: Path) -> Root:
        """Return a root that is a folder, such as an image's."""
        (self.folder / name).mkdir()
        self.run("mount", "--bind", str(source), str(self.folder / name))
        return Root(self, self.folder / name)

    def fresh(self, name: str) -> Root:
        """Return a root that is a copy of this machine's, of which nothing that is written comes back."""
        base = self.folder / name
        base.mkdir()
        self.run("mount", "--types", "tmpfs", "tmpfs", str(base))
        for one in ("upper", "work", "root"):
            self.run("mkdir", str(base / one))
        options = f"lowerdir=/,upperdir={base}/upper,workdir={base}/work"
        self.run("mount", "-t", "overlay", "--options", options, "overlay", str(base / "root"))
        return Root(self, base / "root")

    def log(self, name: str) -> str:
        """Return what a program that was started has said so far."""
        return (self.folder / f"{name}.log").read_text("utf-8", errors="replace")

    def wait(self, name: str, probe: Sequence[str]) -> None:
        """Return once a probe of a started program succeeds; fail when any program ends or the probe never does."""
        deadline = time.monotonic() + SECONDS
        while (tried := subprocess.run(probe, capture_output=True, check=False)).returncode:
            for one, process in self.processes.items():
                assert process.poll() is None, f"{one} has ended:\n{self.log(one)}"
            said = f"{tried.stderr.decode()[-2000:]}\n{self.log(name)}"
            assert time.monotonic() < deadline, f"{name} does not answer:\n{said}"
            time.sleep(0.2)

    def end(self, name: str, patience: float = 40) -> int:
        """Ask a program to end, as a service manager does, and return with which status it has."""
        process = self.processes.pop(name)
        process.terminate()
        return process.wait(patience)

    def close(self) -> None:
        """End whatever runs, and the machine."""
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        assert self._holder.stdin
        assert self._holder.stdout
        self._holder.stdin.close()
        self._holder.wait()
        self._holder.stdout.close()


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """Give a machine, if this one can have any."""
    unshare = shutil.which("unshare")
    tried = unshare and subprocess.run(
        [unshare, "--net", "--mount", "true"], capture_output=True, check=False
    )
    if not tried or tried.returncode:
        pytest.fail("Machines of a test's own need Linux, root, and `unshare` of util-linux.")
    one = Machine(folder)
    try:
        yield one
    finally:
        one.close()


def code_of_this(folder: Path, names: Sequence[str]) -> None:
    """Copy parts of this repository into a folder."""
    ignored = shutil.ignore_patterns("node_modules", "__pycache__")
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
