"""What has to be so once everybody has stopped: nothing is lost, nothing is stale, and the copy is equal to a crawl."""

import re
import time
from datetime import timedelta

from django.db import connections
from django.db.models.functions import Now

from cms.background.models import READY, RUNNING, QueuedTask, WorkerSighting
from frontend_api.changes.models import Change, ChangeLog
from frontend_api.feed.models import PublicChange, PublicState
from insights.models import InsightPage

from .actors import Actors
from .content import FEEDS, LISTINGS

PATIENCE = 120
UNSEEN = timedelta(seconds=12)
"""For so long no worker that is alive is unseen; what a killed one was doing is let go by then, not after a minute."""


def check(actors: Actors) -> None:
    """Tell the journal of everything that is not so."""
    connections.close_all()
    tell = actors.journal.tell
    _wait_for_workers(actors)
    for key, answered in actors.answered.items():
        title = InsightPage.objects.get(pk=key).title
        found = re.fullmatch(r"Title (\d+)", title)
        # What was answered is there; what was not may be.
        if not found or not answered <= int(found[1]) <= actors.sent[key]:
            tell(f"page {key} has the title {title}, and Title {answered} was published.")
    for name, rows, last in (
        (
            "changes",
            Change.objects.values_list("version", flat=True),
            ChangeLog.objects.get().version,
        ),
        (
            "feed",
            PublicChange.objects.values_list("number", flat=True),
            PublicState.objects.get().number,
        ),
    ):
        numbers = sorted(rows)
        if numbers != list(range(numbers[0], last + 1)):
            tell(f"the numbers of the {name} have gaps.")
    for address in (*actors.content.read, *LISTINGS, *FEEDS):
        kept = actors.reader.api("read", address)
        # A credential goes past the cache.
        anew = actors.reader.api("rendered", address, Authorization="Basic b2Y6bm9ib2R5")
        if (kept.status, kept.body) != (anew.status, anew.body):
            tell(f"{address} is stale.")
    actors.copy.follow()
    if actors.copy.said() != actors.crawl().said():
        tell("the copy that followed the feed is not what a crawl finds.")


def _wait_for_workers(actors: Actors) -> None:
    deadline = time.monotonic() + PATIENCE
    waiting = QueuedTask.objects.filter(status__in=(READY, RUNNING))
    while waiting.exists():
        if time.monotonic() > deadline:
            tasks = ", ".join(map(str, waiting[:5]))
            actors.journal.tell(f"tasks still wait: {tasks}")
            return
        WorkerSighting.objects.filter(seen_at__lt=Now() - UNSEEN).delete()
        time.sleep(0.2)
    for task in QueuedTask.objects.exclude(status="SUCCESSFUL")[:5]:
        actors.journal.tell(f"{task} was given up: {task.traceback}")
