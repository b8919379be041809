"""Places for content: the one of the test, and another one that is empty."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.test import TransactionTestCase, override_settings


@pytest.fixture
def media(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "media"
    with override_settings(MEDIA_ROOT=folder):
        yield folder


@pytest.fixture
def go_elsewhere(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Return what leads to a database as the migrations left it, and to an empty folder of media."""
    with ExitStack() as stack:

        def go() -> None:
            # What stands for Django's own here, and puts the database back.
            TransactionTestCase._fixture_teardown(None)
            stack.enter_context(override_settings(MEDIA_ROOT=tmp_path / "elsewhere"))

        yield go
