"""What is done once a transaction is committed is logged too."""

import pytest
from django.db import transaction as django_transaction

from frontend_api.changes.models import Change, Kind
from frontend_api.changes.transaction import log, transaction
from frontend_api.changes.unit_of_work import is_pending
from frontend_api.changes.writing import PendingChange


def change(tag: str) -> None:
    log(PendingChange(Kind.OTHER, object_type="x", object_id=tag, tags={tag}))


@pytest.mark.django_db(transaction=True)
def test_a_change_that_a_task_makes_after_the_commit_is_logged() -> None:
    with transaction():
        change("first")
        django_transaction.on_commit(lambda: change("second"))
    assert [one.tags for one in Change.objects.order_by("-version")[:2]] == [["second"], ["first"]]
    assert not is_pending()
