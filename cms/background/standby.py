"""Runs tasks in a thread of the server while no worker does: mail is sent and pages are published all the same."""

import logging
import threading
from multiprocessing.util import Finalize

from django.db import connection

from .jobs import PROMPT, take_turn
from .models import QueuedTask, WorkerSighting, take_up_abandoned
from .worker import BACKEND, Worker, somebody_else_works

logger = logging.getLogger(__name__)

ROUND = 15
"""After how many seconds the thread looks for tasks that nobody told it of, such as those of a worker that ended."""

LAST_WAIT = 5
"""How many seconds the end of the process waits for the end of a task; one that takes longer is taken up by others."""

STANDBY = "standby-"
"""How the names begin by which servers work, so that they are not taken for workers by each other."""

_woken = threading.Event()


class StandIn(Worker):
    """Runs what waits, but only until there is a worker: whom the server answers would have to wait longer."""

    def __init__(self) -> None:
        super().__init__(batch=True)
        self.worker_id = f"{STANDBY}{self.worker_id}"

    def _claimed(self) -> QueuedTask | None:
        workers = WorkerSighting.objects.alive().exclude(worker_id__startswith=STANDBY)
        return None if workers.exists() else super()._claimed()


class Standby(threading.Thread):
    """The thread: it looks for tasks when it is woken, and now and then; a worker, if there is one, goes first."""

    def __init__(self) -> None:
        super().__init__(name="standby", daemon=True)
        self._worker: StandIn | None = None
        self._is_over = False

    def run(self) -> None:
        """Go on until the process ends."""
        while not self._is_over:
            _woken.wait(ROUND)
            _woken.clear()
            try:
                self.stand_in()
            except Exception:
                # The database may be away; nobody else would start this thread again.
                logger.exception("Tasks could not be looked for.")
            finally:
                connection.close()

    def stand_in(self) -> None:
        """Do what cannot wait, and all tasks that may run now, unless there is a worker."""
        self._worker = worker = StandIn()
        if somebody_else_works(worker.worker_id) or self._is_over:
            return
        take_up_abandoned(BACKEND)
        for job in PROMPT:
            take_turn(job, worker.worker_id)
        waiting = QueuedTask.objects.ready().filter(backend_name=BACKEND)
        if waiting.exists():
            worker.run()

    def finish(self) -> None:
        """Begin no further task, and wait for the end of the present one, though not for long."""
        self._is_over = True
        if self._worker is not None:
            self._worker.running = False
        _woken.set()
        self.join(LAST_WAIT)


def start() -> None:
    """Start the thread, in a process that serves."""
    thread = Standby()
    thread.start()
    # Unlike `atexit`, this also runs when a process ends that was started by another, such as a server's worker.
    Finalize(None, thread.finish, exitpriority=0)


def wake() -> None:
    """Have the thread of this process, if it has one, look for tasks now."""
    _woken.set()
