"""What the tests of the feed share."""

import pytest


@pytest.fixture(autouse=True)
def index_of_the_admin() -> None:
    """Keep the index in which editors search, too: what changes in it must leave no trace for readers."""
