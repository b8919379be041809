"""The queue of the service, in the place of tasks that are done at once."""

from typing import Any

import pytest

from cms.settings import base
from tests.cms.background import work

QUEUE = base.TASKS


@pytest.fixture
def queue(settings: Any) -> None:
    """Tasks that wait in the database."""
    settings.TASKS = QUEUE
    work.done.clear()
    work.fails.clear()
