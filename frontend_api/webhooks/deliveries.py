"""Delivers what is owed: stores the messages, claims those that are due, sends them in threads, and keeps the log.

No lock is held while waiting for anybody. A claim ends by itself, so that what a process was at that died is sent once
more, with the same id.
"""

import queue
import threading
import time
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from .claims import claimed
from .configured import bring_up_to_date
from .models import WebhookMessage, WebhookRecipient
from .outcomes import write_down
from .owed import owe
from .requests import Made, made
from .sending import Answer, send

KEPT = timedelta(days=30)
"""How long a message is kept that is delivered or given up, with its attempts."""

AT_ONCE = 16
"""How many messages one call sends at a time."""

Result = tuple[WebhookMessage, Made, Answer, datetime]


def deliver(seconds: float) -> int:
    """Send what is due, and return how many attempts came to an end within `seconds`.

    What takes longer goes on, for ten seconds at the most, and is written down all the same.
    """
    deadline = time.monotonic() + seconds
    bring_up_to_date()
    if not WebhookRecipient.objects.exists():
        return 0
    now = timezone.now()
    owe(now)
    WebhookMessage.objects.filter(finished_at__lt=now - KEPT).delete()
    call, count = _Call(), 0
    while time.monotonic() < deadline:
        if call.under_way <= AT_ONCE // 2:
            for message in claimed(AT_ONCE - call.under_way):
                call.start(message)
        result = call.next(deadline)
        if result is None:
            break
        write_down(*result)
        count += 1
    for result in call.end():
        write_down(*result)
        count += 1
    return count


class _Call:
    """The attempts of one call. Their results come here until it ends; then each thread writes its own down."""

    def __init__(self) -> None:
        self.under_way = 0
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._is_over = False

    def start(self, message: WebhookMessage) -> None:
        """Send a message in a thread, which must not keep the process alive."""
        self.under_way += 1
        now = timezone.now()
        threading.Thread(
            target=self._attempt, args=(message, made(message, now), now), daemon=True
        ).start()

    def next(self, deadline: float) -> Result | None:
        """Return the next result, or None where none is to come before `deadline`."""
        if not self.under_way:
            return None
        try:
            result = self._results.get(timeout=max(0.001, deadline - time.monotonic()))
        except queue.Empty:
            return None
        self.under_way -= 1
        return result

    def end(self) -> list[Result]:
        """Take no more results, and return those that have come."""
        with self._lock:
            self._is_over = True
        results = []
        while not self._results.empty():
            results.append(self._results.get())
        return results

    def _attempt(self, message: WebhookMessage, made: Made, at: datetime) -> None:
        result = (message, made, _answer(made), at)
        with self._lock:
            if not self._is_over:
                self._results.put(result)
                return
        try:
            write_down(*result)
        finally:
            connection.close()


def _answer(made: Made) -> Answer:
    if made.request is None:
        return Answer(0, error=made.error)
    try:
        return send(made.request)
    except Exception as error:
        # Without an answer, the message would wait until its claim ends, and nobody would know why.
        return Answer(0, error=f"It cannot be sent: {type(error).__name__}.")
