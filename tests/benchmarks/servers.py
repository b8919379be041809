"""Real servers to measure: granian with one worker, each on a port of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .load import HOST

PATIENCE = 60


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    port: int
    process: int

    def memory(self) -> int:
        """Return the bytes of memory that its worker takes; the process that started the worker does nothing more."""
        pages = [
            int(Path(f"/proc/{worker}/statm").read_text().split()[1]) for worker in self._workers()
        ]
        return sum(pages) * os.sysconf("SC_PAGE_SIZE")

    def seconds(self) -> float:
        """Return how long its worker has kept a core busy, which other work on the machine hardly changes."""
        ticks = 0
        for worker in self._workers():
            # The name, in brackets, may have spaces.
            fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _workers(self) -> list[str]:
        return Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()


@contextmanager
def serving(
    application: str, environment: Mapping[str, str], threads: int = 1, interface: str = "wsgi"
) -> Iterator[Server]:
    """Serve an application, such as cms.wsgi:application, as long as it is needed; one for ASGI has its own threads."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    # It ends with this process, however that ends.
    command = [sys.executable, "-m", "cms.local_server", "--interface", interface, "--no-ws"]
    command += ["--workers", "1", "--log-level", "warning"]
    if interface == "wsgi":
        command += ["--blocking-threads", str(threads)]
    command += ["--host", HOST, "--port", str(port), application]
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        _wait_for(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as tried:
            if tried.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("The server does not start.")
