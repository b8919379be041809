"""What goes wrong while the service is used, one thing after the other, and what that excuses.

The server process and the worker that have lived longest are let live, so that it is seen whether they grow.
"""

import itertools
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.e2e.servers import end

from .asking import Client
from .journal import LOST, Journal
from .service import Service

MOST_SECONDS_BETWEEN = 120
GRACE = 1
"""So many seconds after all is well again, what began before may still come."""
PATIENCE = 60
AWAY = 2
"""For so many seconds the cache server is gone."""
UNAVAILABLE = 503


class Faults:
    """Has something go wrong every so many seconds, by turns."""

    def __init__(self, service: Service, journal: Journal, seconds: float) -> None:
        """Take what can go wrong with this service, which each does twice within so many seconds, or more often."""
        self._service, self._journal = service, journal
        self._every = min(seconds / (2 * len(self._kinds())), MOST_SECONDS_BETWEEN)
        # It is asked apart from what is measured.
        self._client = Client(service.port, Journal())
        self.happened: list[tuple[str, float]] = []
        """What went wrong, and how many seconds later all was well again."""
        self.all_happened = threading.Event()
        """Each of them has happened once, at least."""

    @contextmanager
    def happening(self) -> Iterator[None]:
        """Have things go wrong meanwhile; what has begun is let come to its end."""
        over = threading.Event()
        thread = threading.Thread(target=self._go_on, args=[over])
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _kinds(self) -> list[Callable[[], None]]:
        kinds = [self.kill_worker, self.kill_server_process]
        if self._service.django_apart:
            kinds.append(self.kill_django)
        if self._service.cache_server:
            kinds.append(self.lose_cache_server)
        if self._service.can_restart_database:
            kinds.append(self.restart_database)
        return kinds

    def _go_on(self, over: threading.Event) -> None:
        kinds = self._kinds()
        for number, kind in enumerate(itertools.cycle(kinds), start=1):
            if over.wait(self._every):
                return
            try:
                kind()
            except Exception as error:
                self._journal.tell(f"{kind.__name__}: {error!r}")
            if number == len(kinds):
                self.all_happened.set()

    def kill_worker(self) -> None:
        """Kill the younger worker, and start another, as a service manager does; nobody notices."""
        with self._fault("a worker is killed"):
            end(self._service.workers.pop(), signal.SIGKILL)
            self._service.workers.append(self._service.start_worker())

    def kill_server_process(self) -> None:
        """Kill the youngest process that serves; whoever it was answering has no answer, and the server has another."""
        with self._fault("a server process is killed", LOST):
            before = self._service.processes_of_server()
            os.kill(before[-1], signal.SIGKILL)
            self._until(
                lambda: len(set(self._service.processes_of_server()) - {before[-1]}) == len(before)
            )

    def kill_django(self) -> None:
        """Kill the youngest process that runs Django for another; whoever it was answering is told to come again."""
        # In the middle of an answer, nothing can be told any more.
        with self._fault("Django is killed", UNAVAILABLE, LOST):
            before = self._service.django_of_servers()
            os.kill(before[-1], signal.SIGKILL)
            self._until(
                lambda: len(set(self._service.django_of_servers()) - {before[-1]}) == len(before)
            )

    def lose_cache_server(self) -> None:
        """Stop the cache server for a while; answers are made anew meanwhile."""
        server = self._service.cache_server
        assert server
        with self._fault("the cache server is gone"):
            server.stop()
            time.sleep(AWAY)
            server.start()

    def restart_database(self) -> None:
        """Restart the database; meanwhile everybody is told to come again."""
        with self._fault("the database is restarted", UNAVAILABLE):
            self._service.restart_database()

    @contextmanager
    def _fault(self, name: str, *excused: int) -> Iterator[None]:
        began = time.monotonic()
        with self._journal.window(name, *excused):
            yield
            self._until(self._is_well)
            self.happened.append((name, time.monotonic() - began))
            time.sleep(GRACE)

    def _is_well(self) -> bool:
        # Each time another process may answer.
        return all(self._client.api("well", "site/").status == 200 for _ in range(8))

    def _until(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            if time.monotonic() > deadline:
                raise TimeoutError(f"It is not well again after {PATIENCE} s.")
            time.sleep(0.1)
