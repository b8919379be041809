"""However many objects an archive has, one of them is in memory."""

import io
import tracemalloc

import pytest

from cms.transfer.backups.values import as_line
from cms.transfer.sites.records import Records

pytestmark = pytest.mark.once

MANY, LONG = 2_000, "x" * 5_000


def line(number: int) -> bytes:
    # Siblings come the other way round.
    place = f"0001{MANY - number:04}" if number else "0001"
    return as_line({"model": "cms.ContentPage", "key": str(number), "place": place, "body": LONG})


def test_one_object_is_in_memory_and_parents_come_first() -> None:
    lines = io.BytesIO(b"".join(map(line, range(MANY))))
    tracemalloc.start()
    try:
        with Records(lines) as records:
            assert len(records.keys()) == MANY
            assert records[7]["key"] == "7"
            first, second, *_, last = (one["key"] for one in records.from_the_top())
            assert sum(len(one["body"]) for one in records) == MANY * len(LONG)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (first, second, last) == ("0", str(MANY - 1), "1")
    assert most < MANY * len(LONG) / 4
