"""The objects of an archive, in a file beside, so that no more of them is in memory than one, and where each stands."""

import shutil
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from cms.transfer.backups.values import from_line

Record = dict[str, Any]


class Records:
    """What an archive says of each object, by the number of its line."""

    def __init__(self, lines: Any) -> None:
        """Take the lines from a file."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `__exit__`.
        self._begins: list[int] = []
        self._places: list[str] = []
        self._keys: list[tuple[str, str]] = []
        shutil.copyfileobj(lines, self._file)
        self._file.seek(0)
        begin = 0
        for line in self._file:
            record = from_line(line)
            self._begins.append(begin)
            self._places.append(record.get("place", ""))
            self._keys.append((record["model"], record["key"]))
            begin += len(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Record]:
        for number in range(len(self._begins)):
            yield self[number]

    def __getitem__(self, number: int) -> Record:
        self._file.seek(self._begins[number])
        record: Record = from_line(self._file.readline())
        return record

    def keys(self) -> list[tuple[str, str]]:
        """Return the model and the key of each."""
        return self._keys

    def from_the_top(self) -> Iterator[Record]:
        """Return them with parents before what is below them, and siblings in their order."""
        places = self._places
        for number in sorted(range(len(places)), key=lambda at: (len(places[at]), places[at])):
            yield self[number]
