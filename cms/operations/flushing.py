"""A thread that writes what was collected in memory, now and then, and once more when the process ends."""

import logging
import threading
from collections.abc import Callable
from multiprocessing.util import Finalize

logger = logging.getLogger(__name__)


class Flushing:
    """Calls `flush` every so many seconds, once it was told to begin; requests do not wait for a write."""

    def __init__(self, flush: Callable[[], None], every: float, name: str) -> None:
        self._flush = flush
        self._every = every
        self._name = name
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self.has_begun = False

    def begin(self) -> None:
        """Start the thread, unless it runs."""
        with self._lock:
            if self.has_begun:
                return
            self.has_begun = True
        threading.Thread(target=self._run, name=self._name, daemon=True).start()
        # Unlike `atexit`, this also runs when a process ends that was started by another, such as a server's worker.
        Finalize(None, self._finish, exitpriority=0)

    def _run(self) -> None:
        while not self._ending.wait(self._every):
            self._once()

    def _finish(self) -> None:
        self._ending.set()
        self._once()

    def _once(self) -> None:
        try:
            self._flush()
        except Exception:
            # A full disk, for one; what is collected next is written all the same, if there is room by then.
            logger.exception("It could not be written: %s.", self._name)
