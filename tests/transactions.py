"""A transaction for several tests, which is rolled back whatever is done in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def taken_back() -> Iterator[None]:
    """Roll back all that is done here, as Django's own test cases do, and let it be known that nothing is committed."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)
