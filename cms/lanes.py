"""Lanes: who waits for whom. Each kind of work has a few threads of its own, so that what is slow holds up its like.

A thread keeps a connection to the database, and more threads than cores wait for each other. So there are few.
"""

import asyncio
import sys
import threading
from collections.abc import Callable, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.urls import reverse

Result = TypeVar("Result")

# Where passwords are hashed and mails written for whoever asks.
LOGINS = ("/admin/login/", "/admin/password_reset/")
# What readers fetch besides the API.
FILES = ("/documents/", "/media/", "/originals/", "/static/")


GIVES_WAY = 0.0002
"""After so many seconds a thread lets another one run, if one wants to.

Python's own 5 ms are long for a hit, which waits for several such turns while all lanes are busy. So threads get some
3 % less done, where seven of them do nothing but compute.
"""


class Full(Exception):
    """So many wait for the threads of a lane that one more would wait in vain."""


class Lane:
    """A few threads, and those who wait for one."""

    def __init__(self, name: str, threads: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._most = threads + waiting
        self._lock = threading.Lock()
        self._taken = 0

    @property
    def is_full(self) -> bool:
        """Whether it takes nobody more for now."""
        return self._taken >= self._most

    async def run(self, act: Callable[[], Result], is_begun: bool = False) -> Result:
        """Have a thread do something; raises `Full` where too many wait, unless it only goes on with what is begun.

        Where whoever asked leaves before it is begun, it is not done.
        """
        with self._lock:
            if self.is_full and not is_begun:
                raise Full
            self._taken += 1
        work = self._threads.submit(act)
        work.add_done_callback(self._leave)
        return await asyncio.wrap_future(work)

    def submit(self, act: Callable[[], Any]) -> None:
        """Have a thread do something for which nobody waits."""
        self._threads.submit(act)

    def _leave(self, work: "Future[Any]") -> None:
        with self._lock:
            self._taken -= 1


class Lanes:
    """The lanes of the service, and which of them a request takes."""

    def __init__(self) -> None:
        sys.setswitchinterval(GIVES_WAY)
        # Threads that wait for a database get more done than one. One in this process answers them while they hold the
        # interpreter, and all the more they keep hits from it: with three, hits wait six times as long as with one.
        is_waited_for = connection.vendor != "sqlite"
        self.reads = Lane("reads", threads=2 if is_waited_for else 1, waiting=300)
        self.files = Lane("files", threads=1, waiting=100)
        self.logins = Lane("logins", threads=1, waiting=30)
        self.editors = Lane("editors", threads=3 if is_waited_for else 2, waiting=100)

    def of(self, scope: MutableMapping[str, Any]) -> Lane:
        """Return the lane for a request."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            if path.startswith(_api(settings.ROOT_URLCONF)):
                return self.reads
            return self.files if path.startswith(FILES) else self.editors
        if path.startswith(LOGINS) or not has_session(scope):
            return self.logins
        return self.editors


def has_session(scope: MutableMapping[str, Any]) -> bool:
    """Return whether a request names a session, be there one or not."""
    name = settings.SESSION_COOKIE_NAME.encode()
    return any(header == b"cookie" and name in value for header, value in scope["headers"])


@cache
def _api(urlconf: str) -> str:
    return reverse("frontend_api:root", urlconf)
