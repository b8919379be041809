"""Sends mail after the commit, so that neither readers nor editors wait for a mail server.

The backend here wraps the one that `EMAIL_BACKEND` names. Mail sent during a request is queued once the request's
transaction is committed, and delivered by a separate thread; if the transaction is rolled back, it is never sent. In a
command, where nobody waits, mail is delivered directly after the commit.
"""

import logging
import queue
import threading
from collections.abc import Iterable
from multiprocessing.util import Finalize
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.dispatch import receiver

logger = logging.getLogger(__name__)

MOST_WAITING = 1_000
"""How many mails may be queued; a server that cannot be reached must not fill the memory."""

_here = threading.local()
_delivery: dict[str, str] = {}


class Backend(BaseEmailBackend):
    """Defers mails, then passes them on to the backend that delivers them."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        # A caller may pass the username and password of an account.
        self._options = {"fail_silently": fail_silently, **options}

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        """Arrange for the mails to be sent, and return how many there are."""
        mails = list(email_messages)
        if getattr(_here, "is_answering", False):
            transaction.on_commit(lambda: post.leave(mails, self._options))
        elif transaction.get_connection().in_atomic_block:
            # The transaction is committed by then, so a mail that cannot be sent is only logged.
            transaction.on_commit(lambda: deliver(mails, self._options), robust=True)
        else:
            deliver(mails, self._options)
        return len(mails)


def deliver(mails: list[EmailMessage], options: dict[str, Any]) -> None:
    """Send mails through the configured backend; raises whatever that raises."""
    get_connection(_delivery["backend"], **options).send_messages(mails)


class Post:
    """The queue of mails, and the thread that sends them one after the other."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[list[EmailMessage], dict[str, Any]]] = queue.Queue(
            MOST_WAITING
        )
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def leave(self, mails: list[EmailMessage], options: dict[str, Any]) -> None:
        """Queue mails to be sent; those for which the queue has no room are dropped and logged."""
        for mail in mails:
            try:
                self._waiting.put_nowait(([mail], options))
            except queue.Full:
                logger.error(
                    "Too many mails wait for the mail server: %r is not sent.", mail.subject
                )
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._send, name="mail", daemon=True)
                self._thread.start()

    def _send(self) -> None:
        while True:
            mails, options = self._waiting.get()
            try:
                deliver(mails, options)
            except Exception:
                # Whatever the mail server or its backend raises, the other mails have to be sent.
                logger.exception("Mail could not be sent: %r.", mails[0].subject)
            finally:
                self._waiting.task_done()

    def finish(self, seconds: float) -> None:
        """Wait until everything is sent, for at most `seconds`; log how many mails are left."""
        with self._waiting.all_tasks_done:
            is_done = self._waiting.all_tasks_done.wait_for(
                lambda: not self._waiting.unfinished_tasks, seconds
            )
        if not is_done:
            logger.error("%d mails were not sent before the end.", self._waiting.unfinished_tasks)


post = Post()


def stand_before_configured_backend() -> None:
    """Route all mail through `Backend`, in front of whichever backend the settings name."""
    _delivery["backend"] = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.{Backend.__name__}"
    # Unlike `atexit`, this also runs when a process ends that was started by another, such as a server's worker.
    Finalize(None, lambda: post.finish(settings.EMAIL_TIMEOUT), exitpriority=0)


@receiver(request_started)
def _answer(sender: Any, **kwargs: Any) -> None:
    _here.is_answering = True


@receiver(request_finished)
def _answered(sender: Any, **kwargs: Any) -> None:
    _here.is_answering = False
