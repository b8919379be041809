"""A tar that is written and read in one go, with the checksum of everything in it at its end.

Nothing of it is ever in memory as a whole: there may be hundreds of thousands of files, each of any size.
"""

import hashlib
import io
import tarfile
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Self

SUMS = "SHA256SUMS"
AT_ONCE = 1 << 20


class BackupError(Exception):
    """Why a backup cannot be made or put back, and what to do: a sentence for whoever runs the command."""


class _Hashed(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.sum = hashlib.sha256()
        self.size = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        part: bytes = self._file.read(size if size >= 0 else AT_ONCE)
        self.sum.update(part)
        self.size += len(part)
        return part

    def line(self, name: str) -> bytes:
        """Return the line of the sums, as `sha256sum` writes it."""
        escaped = name.replace("\\", "\\\\").replace("\n", "\\n")
        mark = "\\" if escaped != name else ""
        return f"{mark}{self.sum.hexdigest()}  {escaped}\n".encode()


class Writer:
    """Writes an archive; leaving the block without an error writes the sums, without which it is not whole."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - see `__exit__`.
        self._sums = tempfile.TemporaryFile()  # noqa: SIM115
        self._now = time.time()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        with self._sums:
            if kind is None:
                size = self._sums.tell()
                self._sums.seek(0)
                self._add(SUMS, self._sums, size)
                self._tar.close()
            else:
                # What is left of it is thrown away, and the error that there is is the one to tell of.
                with suppress(OSError):
                    self._tar.close()

    def add(self, name: str, content: bytes) -> None:
        """Add a file with this content."""
        self.copy(name, io.BytesIO(content), len(content))

    def copy(self, name: str, file: Any, size: int) -> None:
        """Add a file of this size."""
        hashed = _Hashed(file)
        try:
            self._add(name, hashed, size)
        except OSError as error:
            if hashed.size == size:
                raise
            raise BackupError(f"{name} became shorter while it was read; try again.") from error
        if file.read(1):
            raise BackupError(f"{name} became longer while it was read; try again.")
        self._sums.write(hashed.line(name))

    def _add(self, name: str, file: Any, size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime, entry.mode = size, int(self._now), 0o600
        self._tar.addfile(entry, file)
        # It would remember every entry for a listing that nobody asks for.
        self._tar.members.clear()  # type: ignore[attr-defined]


def entries(path: Path) -> Generator[tuple[str, Any], None, None]:
    """Return the names and contents of what is in an archive, each to be read before the next."""
    with _telling_of_damage(path), tarfile.open(path, mode="r|") as tar:
        while (entry := tar.next()) is not None:
            file = tar.extractfile(entry)
            if file is None:
                raise BackupError(f"{path} has an entry {entry.name!r} that is no file.")
            yield entry.name, file
            tar.members.clear()  # type: ignore[attr-defined]


@contextmanager
def _telling_of_damage(path: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{path} is damaged or no backup: {error}. Take another one.") from error


def check(path: Path) -> int:
    """Read all of an archive, and return how many files it has; raise `BackupError` if anything is not as written."""
    count = 0
    with tempfile.TemporaryFile() as sums, _telling_of_damage(path):
        for name, file in entries(path):
            if name == SUMS:
                sums.seek(0)
                _compare(path, sums, file)
                return count
            hashed = _Hashed(file)
            while hashed.read(AT_ONCE):
                pass
            sums.write(hashed.line(name))
            count += 1
    raise BackupError(f"{path} ends too early: it was not written to its end. Take another one.")


def _compare(path: Path, found: Any, written: Any) -> None:
    for line in written:
        if line != (other := found.readline()):
            name = other.decode(errors="replace").partition("  ")[2].strip()
            raise BackupError(
                f"{path} is damaged: {name or 'a file'} is not what was written. Take another one."
            )
    if found.readline():
        raise BackupError(f"{path} has more in it than was written. Take another one.")
