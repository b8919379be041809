"""Mail goes after the commit, and nobody who reads or edits waits for a mail server.

Whatever backend `EMAIL_BACKEND` names stands behind the one here. A mail that is sent while a request is answered waits
for the request's transaction, then for its turn, and is sent by a thread of its own; one that is taken back with the
transaction is never sent. In a command, which nobody waits for, it is sent once the transaction is committed.
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
"""How many mails wait for their turn; a server that cannot be reached shall not fill the memory."""

_here = threading.local()
_delivery: dict[str, str] = {}


class Backend(BaseEmailBackend):
    """Passes mails on to the backend that delivers them, later."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        # A caller may give the name and password of an account.
        self._options = {"fail_silently": fail_silently, **options}

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        """Have mails sent, and return how many they are."""
        mails = list(email_messages)
        if getattr(_here, "is_answering", False):
            transaction.on_commit(lambda: post.leave(mails, self._options))
        elif transaction.get_connection().in_atomic_block:
            # What is committed is committed; that a mail could not be sent is a line in the log.
            transaction.on_commit(lambda: deliver(mails, self._options), robust=True)
        else:
            deliver(mails, self._options)
        return len(mails)


def deliver(mails: list[EmailMessage], options: dict[str, Any]) -> None:
    """Send mails by the backend that delivers them; raises what that raises."""
    get_connection(_delivery["backend"], **options).send_messages(mails)


class Post:
    """The mails that wait, and the thread that sends them one after the other."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[list[EmailMessage], dict[str, Any]]] = queue.Queue(
            MOST_WAITING
        )
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def leave(self, mails: list[EmailMessage], options: dict[str, Any]) -> None:
        """Leave mails to be sent; those that are too many are lost, with a line in the log."""
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
                # Whatever a mail server, or what stands before it, comes up with: others wait.
                logger.exception("Mail could not be sent: %r.", mails[0].subject)
            finally:
                self._waiting.task_done()

    def finish(self, seconds: float) -> None:
        """Wait until all is sent, for so many seconds at most."""
        with self._waiting.all_tasks_done:
            is_done = self._waiting.all_tasks_done.wait_for(
                lambda: not self._waiting.unfinished_tasks, seconds
            )
        if not is_done:
            logger.error("%d mails were not sent before the end.", self._waiting.unfinished_tasks)


post = Post()


def stand_before_configured_backend() -> None:
    """Let all mail go through here, whichever settings are used, and by the backend they name in the end."""
    _delivery["backend"] = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.{Backend.__name__}"
    # Unlike `atexit`, it is run where a process ends that another one has started, as the workers of a server are.
    Finalize(None, lambda: post.finish(settings.EMAIL_TIMEOUT), exitpriority=0)


@receiver(request_started)
def _answer(sender: Any, **kwargs: Any) -> None:
    _here.is_answering = True


@receiver(request_finished)
def _answered(sender: Any, **kwargs: Any) -> None:
    _here.is_answering = False
