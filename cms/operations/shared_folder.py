"""A folder that the processes of one server share while they run, among the temporary files; those of ended ones go.

Each process holds a lock on it, which the kernel takes away however the process ends. So nobody takes a folder for one
that is left but is not: another server does not, whose numbers of processes may be those of another container, nor does
systemd, which cleans up what is old among temporary files unless it is locked.
"""

import fcntl
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .processes import is_alive

PREFIX = "cms-metrics"
NAME = re.compile(rf"{PREFIX}-\d+-(\d+)")


def of_this_server() -> Path:
    """Return the folder of this process and all others that have its parent."""
    return Path(tempfile.gettempdir()) / f"{PREFIX}-{os.getuid()}-{os.getppid()}"


class SharedFolder:
    """A folder that this process shares; one that has another name than `of_this_server` gives is never removed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: int | None = None

    def make(self) -> None:
        """See to it that the folder is there and stays there; the first time, remove those of ended servers."""
        if not NAME.fullmatch(self.path.name):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            return
        if self._held is None:
            remove_left(self.path)
        elif _is_at(self._held, self.path):
            return
        else:
            # Somebody has removed it all the same.
            os.close(self._held)
            self._held = None
        while self._held is None:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileNotFoundError), _opened(self.path) as folder:
                fcntl.flock(folder, fcntl.LOCK_SH)
                # Whoever removed it has let go of it only then.
                if _is_at(folder, self.path):
                    self._held = os.dup(folder)


def remove_left(beside: Path) -> None:
    """Remove the folders of this account's servers that have ended, but for one."""
    for path in beside.parent.glob(f"{PREFIX}-{os.getuid()}-*"):
        found = NAME.fullmatch(path.name)
        if path == beside or not found or is_alive(int(found[1])):
            continue
        # Another server may remove it at the same time.
        with suppress(FileNotFoundError):
            status = path.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
                continue
            with _opened(path) as folder, suppress(BlockingIOError):
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_at(folder, path):
                    shutil.rmtree(path)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield folder
    finally:
        os.close(folder)


def _is_at(folder: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(folder), path.lstat())
    except FileNotFoundError:
        return False
