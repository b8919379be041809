"""What the tests of the change log share."""

import pytest


@pytest.fixture(autouse=True)
def index_of_the_admin() -> None:
    """Keep the index in which editors search, too: what changes in it is in the log, and is tried here."""
