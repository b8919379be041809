"""What is loaded once is not looked through again and again."""

import gc

import pytest

from cms.settling import settle


@pytest.mark.once
def test_the_garbage_collector_leaves_alone_what_is_loaded() -> None:
    before = gc.get_freeze_count()
    try:
        settle()
        frozen = gc.get_freeze_count() - before
        assert frozen > 10 * len(gc.get_objects())
    finally:
        gc.unfreeze()
