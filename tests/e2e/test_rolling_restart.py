"""Servers that are restarted one after the other and replaced by new code: no request is lost, and none is stale."""

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.client import HTTPException
from pathlib import Path

import pytest

from .asking import Place, get, publish
from .machines import machine
from .proxies import nginx
from .servers import ROOT, children, end, free_port, start

pytestmark = [pytest.mark.once, pytest.mark.long]

CODE = ("cms", "docs", "examples", "frontend_api", "insights", "programmes", "manage.py")

UNIT = ROOT / "deploy" / "systemd" / "cms@.service"
# What docs/deployment.md wants of the kernel before a server is reloaded.
MIGRATE = "net.ipv4.tcp_migrate_req=1"


class Load:
    """Readers and an editor who go on while servers come and go; whatever goes wrong is kept."""

    def __init__(self, port: int, place: Place, pause: float = 0.01) -> None:
        self.lost: list[str] = []
        self.reads = self.writes = 0
        self._port, self._place, self._pause = port, place, pause
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._write)]
        self._threads += [threading.Thread(target=self._read, args=[n]) for n in range(3)]

    def _write(self) -> None:
        key = next(iter(self._place.pages))
        while not self._is_over.is_set():
            number = self.writes + 1
            if not publish(self._port, self._place, key, number):
                self.lost.append(f"publish {number}")
            self.writes = number
            # It is readable at once, whichever server is asked.
            if f'"Title {number}"'.encode() not in self._answer(f"insights/{key}/"):
                self.lost.append(f"stale {number}")
            time.sleep(self._pause)

    def _read(self, number: int) -> None:
        key = list(self._place.pages)[number]
        addresses = [
            "site/",
            "insights/",
            f"insights/{key}/",
            f"insights/?order=title&limit={number + 1}",
        ]
        while not self._is_over.is_set():
            for address in addresses:
                self._answer(address)
                self.reads += 1
            time.sleep(self._pause)

    def _answer(self, address: str) -> bytes:
        try:
            status, body = get(self._port, address)
        except (HTTPException, OSError) as error:
            status, body = 0, repr(error).encode()
        if status != 200:
            self.lost.append(f"{address}: {status} {body[:200]!r}")
        return body

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()


class Servers:
    """Two servers behind nginx."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.ports = [free_port(), free_port()]
        self.processes: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, port: int, *options: str, code: Path = ROOT) -> None:
        """Start a server at a port; the code that it runs may stand somewhere else."""
        environment = {**self._place.environment, "PYTHONPATH": str(code)}
        self.processes[port] = start(
            "asgi",
            port,
            "cms.asgi:application",
            "/api/v2/site/",
            environment,
            "--respawn-failed-workers",
            *options,
            code=code,
        )

    def stop(self, port: int) -> None:
        """Ask a server to end, as a service manager does, and wait until it has."""
        process = self.processes[port]
        process.terminate()
        assert process.wait(30) == 0

    def end(self) -> None:
        """End whatever runs."""
        for process in self.processes.values():
            end(process, signal.SIGKILL)


@pytest.fixture
def servers(place: Place) -> Iterator[Servers]:
    servers = Servers(place)
    with ExitStack() as running:
        running.callback(servers.end)
        starts = [threading.Thread(target=servers.start, args=[port]) for port in servers.ports]
        for thread in starts:
            thread.start()
        for thread in starts:
            thread.join()
        yield servers


@pytest.fixture
def new_code(tmp_path: Path) -> Path:
    """The code of another release, whose answers are no longer those of this one."""
    folder = tmp_path / "new"
    for name in CODE:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("node_modules", "__pycache__")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder)
    settings = folder / "cms" / "settings" / "base.py"
    text = settings.read_text(encoding="utf-8")
    assert '"VERSION": "0.2.0"' in text
    settings.write_text(text.replace('"VERSION": "0.2.0"', '"VERSION": "0.3.0"'), encoding="utf-8")
    return folder


def test_a_deploy_loses_no_request_and_serves_nothing_stale(
    servers: Servers, place: Place, new_code: Path, tmp_path: Path
) -> None:
    proxy = tmp_path / "proxy"
    proxy.mkdir()
    with nginx(proxy, servers.ports, has_tls=False) as (_, port), Load(port, place) as load:
        for restarted in servers.ports:
            servers.stop(restarted)
            # Old and new code serve side by side from now on, with one database and one cache.
            servers.start(restarted, code=new_code)
            wait_for(load, writes=2)
    assert load.lost == []
    assert load.reads > 50


def wait_for(load: Load, writes: int) -> None:
    """Wait until so many changes more are published and read."""
    until, deadline = load.writes + writes, time.monotonic() + 60
    while load.writes < until:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worker_of_a_server_that_dies_has_a_successor(servers: Servers) -> None:
    port = servers.ports[0]
    process = servers.processes[port]
    killed = children(process)
    assert killed
    for worker in killed:
        os.kill(worker, signal.SIGKILL)
    until(lambda: answers(port) and not killed & children(process))
    assert process.poll() is None


def test_a_reload_waits_for_the_successor_and_loses_no_request(
    place: Place, tmp_path: Path
) -> None:
    interval = int(re.findall(r"--respawn-interval (\d+)", UNIT.read_text("utf-8"))[0])
    environment = {**place.environment, "PYTHONPATH": str(ROOT)}
    assert MIGRATE in (ROOT / "docs" / "deployment.md").read_text("utf-8")

    def started(*options: str) -> tuple[int, subprocess.Popen[bytes]]:
        port = free_port()
        return port, start("asgi", port, "cms.asgi:application", "/livez", environment, *options)

    def reload() -> None:
        begun = time.monotonic()
        end(started()[1])
        # It has to be longer than a new one takes until it answers, which on a busy machine is long.
        longest = max(interval, 4 * int(time.monotonic() - begun))
        port, process = started("--respawn-failed-workers", "--respawn-interval", str(longest))
        try:
            before = children(process)
            with Load(port, place, pause=0.3) as load:
                process.send_signal(signal.SIGHUP)
                until(lambda: bool(children(process) - before))
                # Both are there, and the one before goes on.
                assert before <= children(process)
                until(lambda: not before & children(process), longest + 60)
                wait_for(load, writes=2)
            assert load.lost == []
            assert process.poll() is None
        finally:
            end(process, signal.SIGKILL)

    with machine(tmp_path) as one:
        # What waits to be accepted by the one before is handed to its successor.
        one.run(
            "sh", "-c", f"echo {MIGRATE.partition('=')[2]} > /proc/sys/net/ipv4/tcp_migrate_req"
        )
        one.within(reload)


def answers(port: int) -> bool:
    """Tell whether a server answers."""
    try:
        return get(port, "site/")[0] == 200
    except (HTTPException, OSError):
        return False


def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)
