"""A worker: claims one task after the other and runs it, and says every few seconds that it is alive."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as DatabaseWorker
from django_tasks_db.utils import exclusive_transaction

from frontend_api.caching.cdn.purger import purge
from frontend_api.webhooks.deliveries import deliver

from .models import QueuedTask, WorkerSighting, see, take_up_abandoned

logger = logging.getLogger(__name__)

BACKEND = "background"
"""The name in the setting `TASKS` of the backend whose tasks are run."""

INTERVAL = 0.5
"""After how many seconds an idle worker looks for tasks again."""

ROUND = 5
"""How many seconds are between two rounds of a worker's keeper."""

PATIENCE = 4
"""How many seconds a keeper waits for caches in front, so that its next round is not late."""

WEBHOOKS = 1
"""How many seconds a keeper waits for recipients of webhooks; what takes longer goes on beside it."""

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
        with kept_alive(self.worker_id):
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
def kept_alive(worker_id: str) -> Iterator[None]:
    """Say that a worker is alive, for as long as the block runs."""
    take_round(worker_id)
    keeper = Keeper(worker_id)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()
        WorkerSighting.objects.filter(pk=worker_id).delete()


class Keeper(threading.Thread):
    """The thread beside a worker that shows it to be alive, and does what is due without being asked for."""

    def __init__(self, worker_id: str) -> None:
        super().__init__(name=f"keeper of {worker_id}", daemon=True)
        self._worker_id = worker_id
        self._stopped = threading.Event()

    def run(self) -> None:
        """Take a round every few seconds."""
        while not self._stopped.wait(ROUND):
            try:
                take_round(self._worker_id)
            except Exception:
                # Whatever went wrong in this round, the worker is alive, and has to say so in the next.
                logger.exception("A round of the worker could not be finished.")
            finally:
                connection.close()

    def stop(self) -> None:
        """Take no further round, and wait for the end of the present one."""
        self._stopped.set()
        self.join()


def take_round(worker_id: str) -> None:
    """Say that a worker is alive, take up what others left behind, forget what is long done, and purge and tell.

    Purges are in the change log, each for twice, and again where they fail, and webhooks in the feed: nobody has to ask
    for them.
    """
    see(worker_id)
    take_up_abandoned(BACKEND)
    WorkerSighting.objects.exclude(pk=worker_id).exclude(
        pk__in=WorkerSighting.objects.alive().values("pk")
    ).delete()
    done = QueuedTask.objects.successful().filter(backend_name=BACKEND)
    done.filter(finished_at__lt=timezone.now() - KEPT).delete()
    purge(PATIENCE)
    deliver(WEBHOOKS)


def somebody_else_works(worker_id: str) -> bool:
    """Return whether another worker is alive."""
    return WorkerSighting.objects.alive().exclude(pk=worker_id).exists()
