"""What grows is told from what only moves up and down."""

import os
import random

import pytest

from .samples import growth, taken_by

pytestmark = pytest.mark.once

HOUR = 3600


def memory(
    megabytes_an_hour: float, *, seconds: int = HOUR, warm_up: float = 0
) -> list[tuple[float, float]]:
    """Return samples of memory that rises by so much, with noise, after it rose while it got warm."""
    chance = random.Random(1)
    return [
        (
            float(at),
            200
            + megabytes_an_hour * at / HOUR
            + warm_up * min(1.0, 4 * at / seconds)
            + chance.uniform(-5, 5)
            # Now and then a large answer is held for a moment.
            + (80 if chance.random() < 0.05 else 0),
        )
        for at in range(0, seconds, max(1, seconds // 200))
    ]


def test_what_leaks_is_found_and_what_moves_is_not() -> None:
    assert not growth("server", "memory", memory(60)).is_flat
    assert not growth("server", "memory", memory(30)).is_flat
    assert growth("server", "memory", memory(0)).is_flat
    assert growth("server", "memory", memory(-60)).is_flat
    assert growth("server", "memory", memory(0, warm_up=150)).is_flat


def test_a_descriptor_that_is_lost_each_minute_is_found() -> None:
    samples = [(float(at), 60.0 + at // 60) for at in range(0, HOUR, 12)]
    assert not growth("server", "descriptors", samples).is_flat
    assert growth("server", "descriptors", [(at, 60.0 + at % 7) for at, _ in samples]).is_flat


def test_a_short_life_says_nothing() -> None:
    assert not growth("server", "memory", memory(0, seconds=150)).is_judged
    assert growth("server", "memory", memory(0, seconds=300)).is_judged


def test_what_a_process_takes_is_read_from_the_kernel() -> None:
    before = taken_by(os.getpid())
    assert before["memory"] > 10
    assert before["threads"] >= 1
    reading, writing = os.pipe()
    try:
        assert taken_by(os.getpid())["descriptors"] == before["descriptors"] + 2
    finally:
        os.close(reading)
        os.close(writing)
    with pytest.raises(OSError, match="No such file"):
        taken_by(2**22 + 1)
