"""Lets one large picture at a time be worked at on a machine, by whichever process: its memory is that of all of them.

The lock is a file in the machine's folder for temporary files. Whoever is killed lets go of it. Containers have folders
of their own, as they have limits of their own.
"""

import logging
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_INTERVAL = 0.1
logger = logging.getLogger("frontend_api.images")
_here: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


@contextmanager
def one_at_a_time(work: str, seconds: float | None = None) -> Iterator[None]:
    """Hold the lock of a kind of work; raises `TimeoutError` if others hold it for longer than that."""
    until = None if seconds is None else time.monotonic() + seconds
    if not _here[work].acquire(timeout=-1 if seconds is None else seconds):
        raise TimeoutError(work)
    try:
        if sys.platform == "win32":
            # Where a file cannot be locked so, the threads of each process wait for each other.
            yield
            return
        try:
            file = _opened(lock_file(work))
        except OSError as error:
            logger.warning("Only this process works at one large picture at a time: %s", error)
            yield
            return
        try:
            while not _is_taken(file):
                if until is not None and time.monotonic() > until:
                    raise TimeoutError(work)
                time.sleep(_INTERVAL)
            yield
        finally:
            os.close(file)
    finally:
        _here[work].release()


def lock_file(work: str) -> Path:
    """Return the file that is locked, one for each account of the machine."""
    account = os.getuid() if sys.platform != "win32" else 0
    return Path(tempfile.gettempdir(), f"frontend-api-{account}-{work}.lock")


def _opened(path: Path) -> int:
    # Nobody else may lay a link there, nor keep the lock.
    flags = os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)
    return os.open(path, flags, 0o600)


def _is_taken(file: int) -> bool:
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
