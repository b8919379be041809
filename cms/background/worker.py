"""A worker: claims one task after the other and runs it, does its share of the jobs, and says that it is alive."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as DatabaseWorker
from django_tasks_db.utils import exclusive_transaction

from .jobs import JOBS, Job, take_turn
from .models import QueuedTask, WorkerSighting, see, take_up_abandoned

logger = logging.getLogger(__name__)

BACKEND = "background"
"""The name in the setting `TASKS` of the backend whose tasks are run."""

INTERVAL = 0.5
"""After how many seconds an idle worker looks for tasks again."""

ROUND = 5
"""How many seconds are between two rounds in which a worker says that it is alive."""

LOOK = 60
"""After how many seconds at most it is asked whether a job is due."""

LAST_WAIT = 10
"""How many seconds the end of a worker waits for the end of its jobs; what takes longer is taken up by others."""

KEPT = timedelta(days=1)
"""How long it is kept that a task was done."""

# What a database says that is restarted, or locked for too long.
LOST = (DatabaseError, InterfaceError)


class Worker(DatabaseWorker):
    """Runs tasks until it is told to stop, or in a batch until none is left that may run now."""

    def __init__(self, *, batch: bool = False, interval: float = INTERVAL) -> None:
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name=BACKEND,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )

    def run(self) -> None:
        """Run tasks. A database that is away, or a task that fails, does not end it."""
        with kept_alive(self.worker_id, () if self.batch else JOBS):
            while self.running:
                close_old_connections()
                try:
                    task = self._claimed()
                    if task is not None:
                        self.run_task(task)
                except LOST as error:
                    logger.warning("The database cannot be used, and is asked again: %s", error)
                    connection.close()
                    time.sleep(INTERVAL)
                    self._let_go()
                    continue
                if task is None:
                    if self.batch:
                        return
                    time.sleep(self.interval)

    def _claimed(self) -> QueuedTask | None:
        """Return the most urgent task, which is this worker's from now on."""
        tasks = QueuedTask.objects.ready().filter(backend_name=self.backend_name)
        # Claiming locks the whole of SQLite, which an idle worker should not.
        if not tasks.exists():
            return None
        with exclusive_transaction():
            task: Any = tasks.get_locked()
            if task is not None:
                task.claim(self.worker_id)
        return task  # A `QueuedTask`, as its manager says, though not its types.

    def _let_go(self) -> None:
        """Let the task be taken up whose end could not be written down."""
        try:
            take_up_abandoned(self.backend_name, also_of=self.worker_id)
        except LOST:
            connection.close()


@contextmanager
def kept_alive(worker_id: str, jobs: Sequence[Job] = ()) -> Iterator[None]:
    """Say that a worker is alive, and do its share of the jobs, for as long as the block runs."""
    take_round(worker_id)
    # Each has a thread of its own: what waits for a cache or makes images for hours must not make a page late.
    threads = [
        Repeating(
            partial(take_round, worker_id), ROUND, "the worker's round", begins_with_rest=True
        ),
        *(
            Repeating(
                partial(take_turn, job, worker_id), min(job.every.total_seconds(), LOOK), job.name
            )
            for job in jobs
        ),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.stop()
        until = time.monotonic() + LAST_WAIT
        for thread in threads:
            thread.join(max(0, until - time.monotonic()))
        WorkerSighting.objects.filter(pk=worker_id).delete()


class Repeating(threading.Thread):
    """A thread beside a worker that does something again and again, with a rest in between."""

    def __init__(
        self, act: Callable[[], Any], rest: float, name: str, *, begins_with_rest: bool = False
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._act = act
        self._rest = rest
        self._begins_with_rest = begins_with_rest
        self._stopped = threading.Event()

    def run(self) -> None:
        """Do it until it is told to stop."""
        if self._begins_with_rest:
            self._stopped.wait(self._rest)
        while not self._stopped.is_set():
            try:
                self._act()
            except Exception:
                # Whatever went wrong this time, it has to be done again.
                logger.exception("It could not be finished, and is done again: %s.", self.name)
            finally:
                connection.close()
            self._stopped.wait(self._rest)

    def stop(self) -> None:
        """Do it no more."""
        self._stopped.set()


def take_round(worker_id: str) -> None:
    """Say that a worker is alive, take up what others left behind, and forget what is long done."""
    see(worker_id)
    take_up_abandoned(BACKEND)
    WorkerSighting.objects.exclude(pk=worker_id).exclude(
        pk__in=WorkerSighting.objects.alive().values("pk")
    ).delete()
    done = QueuedTask.objects.successful().filter(backend_name=BACKEND)
    done.filter(finished_at__lt=timezone.now() - KEPT).delete()


def somebody_else_works(worker_id: str) -> bool:
    """Return whether another worker is alive."""
    return WorkerSighting.objects.alive().exclude(pk=worker_id).exists()
