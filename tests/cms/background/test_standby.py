"""A server does the work itself only while there is no worker."""

from typing import Any

import pytest

from cms.background.models import READY, QueuedTask, see
from cms.background.standby import STANDBY, Standby
from cms.background.worker import Worker
from frontend_api.changes.enqueueing import enqueue
from tests.cms.background import work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]


@pytest.mark.parametrize(
    ("comes", "done"), [("a worker", 1), (f"{STANDBY}of another server", 3), ("", 3)]
)
def test_a_server_stands_in_until_a_worker_comes(
    monkeypatch: pytest.MonkeyPatch, comes: str, done: int
) -> None:
    """Otherwise it would make renditions for minutes, beside the worker, while editors wait for it."""
    for name in "abc":
        enqueue(work.note, name)
    run = Worker.run_task

    def run_and_see(worker: Worker, task: Any) -> None:
        run(worker, task)
        if comes:
            see(comes)

    monkeypatch.setattr(Worker, "run_task", run_and_see)
    Standby().stand_in()
    assert len(work.done) == done
    assert QueuedTask.objects.filter(status=READY).count() == 3 - done


def test_a_server_leaves_the_work_to_a_worker() -> None:
    enqueue(work.note, "a")
    see("a worker")
    Standby().stand_in()
    assert work.done == []
