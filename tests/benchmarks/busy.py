"""Those who keep a server busy: logins, reads of what is not kept, slow senders and editors, all at the same time.

They are a process of their own (`python -m tests.benchmarks.busy`), of a lower priority: in production they are on
other machines, and take nothing of the cores of the server, or of whoever measures it.
"""

import datetime
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count

from .load import HOST
from .publishing import Editor
from .servers import Server

LOGINS, MISSES, SLOW, EDITORS = 16, 100, 200, 10
LISTING = "/api/v2/insights/?limit=20"
LOWER = 10

Form = tuple[str, Mapping[str, str]]


@dataclass
class Done:
    """What those who keep a server busy have got done, and in how many seconds: {"logins, 200": 31, …}."""

    seconds: float = 0
    answers: dict[str, int] = field(default_factory=dict)


@contextmanager
def busy(server: Server, session: str, forms: Sequence[Form]) -> Iterator[Done]:
    """Have a server kept busy; what was done is known in the end."""
    done = Done()
    told = json.dumps({"port": server.port, "session": session, "forms": forms})
    command = [sys.executable, "-m", "tests.benchmarks.busy", told]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield done
    finally:
        # It goes on until its input ends.
        said, _ = process.communicate(timeout=120)
        done.seconds, done.answers = json.loads(said)


class _Busy:
    """Does all of it in threads, until it is over, and counts."""

    def __init__(self, port: int, session: str, forms: Sequence[Form]) -> None:
        self._port = port
        self._server = Server(port, 0)
        self._session = session
        self._over = threading.Event()
        self._numbers = count()
        self._lock = threading.Lock()
        self.answers: Counter[str] = Counter()
        many = [
            *[("logins", self._log_in)] * LOGINS,
            *[("misses", self._miss)] * MISSES,
            *[("slow senders", self._send_slowly)] * SLOW,
            *(("publishes", self._publishing(form)) for form in forms),
        ]
        self._threads = [
            threading.Thread(target=self._go_on, args=one, daemon=True) for one in many
        ]

    def begin(self) -> None:
        """Begin with all of it."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """End it, and wait for what has begun."""
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def _go_on(self, name: str, act: Callable[[], int]) -> None:
        while not self._over.is_set():
            try:
                came: int | str = act()
            except (OSError, HTTPException) as error:
                # Whoever gets no answer comes again.
                came = type(error).__name__
            with self._lock:
                self.answers[f"{name}, {came}"] += 1

    def _log_in(self) -> int:
        form = {"username": f"nobody-{next(self._numbers)}", "password": "wrong"}
        return Editor(self._server, "").ask("POST", "/admin/login/", form)[0]

    def _miss(self) -> int:
        # All of them keep everything, and none has been asked for before.
        day = datetime.date(1900, 1, 1) + datetime.timedelta(next(self._numbers) % 40_000)
        return Editor(self._server, "").ask("GET", f"{LISTING}&published_after={day}")[0]

    def _send_slowly(self) -> int:
        connection = HTTPConnection(HOST, self._port, timeout=60)
        try:
            connection.putrequest("POST", "/admin/login/")
            connection.putheader("Content-Length", "100")
            connection.endheaders()
            sent = 0
            while sent < 100 and not self._over.wait(1):
                connection.send(b"x")
                sent += 1
        finally:
            connection.close()
        return 0

    def _publishing(self, form: Form) -> Callable[[], int]:
        path, fields = form

        def publish() -> int:
            status, _ = Editor(self._server, self._session).ask("POST", path, dict(fields))
            self._over.wait(1)
            return status

        return publish


def main() -> None:
    """Keep a server busy until the input ends, and say what was done."""
    os.nice(LOWER)
    one = _Busy(**json.loads(sys.argv[1]))
    begun = datetime.datetime.now(datetime.UTC)
    one.begin()
    sys.stdin.read()
    seconds = (datetime.datetime.now(datetime.UTC) - begun).total_seconds()
    answers = dict(one.answers)
    one.end()
    print(json.dumps([seconds, answers]))


if __name__ == "__main__":
    sys.exit(main())
