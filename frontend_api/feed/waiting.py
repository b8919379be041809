"""Holds the answers to `changes/?wait=` until something comes, with no thread of the server for each.

An ASGI application around the one that answers:

    application = LongPolling(get_asgi_application())

Whoever asks is answered as ever. Where there is nothing to tell yet, the answer is kept back, and asked for anew once
there is a change. What is wrong with a request, and what a cursor means, the wrapped application alone decides.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, reverse

from frontend_api import conf

from . import reading
from .ending import Ending
from .watching import EVERY, Watch

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_SECONDS = re.compile(r"[1-9]|1[0-9]|2[0-5]")
# With a body, or an answer in a form that cannot be looked into here, there is nothing to hold.
_WITH_BODY = {b"content-length", b"transfer-encoding"}
_FORMS = {b"accept-encoding", b"if-none-match", b"if-modified-since"}


class LongPolling:
    """An ASGI application that holds those who wait for changes, and passes all else on."""

    def __init__(
        self,
        application: Application,
        newest: Callable[[], int] = reading.newest,
        every: float = EVERY,
    ) -> None:
        self._application = application
        self._watch = Watch(newest, every)
        self._held = 0
        self._is_ending = False
        self._ending = Ending(self._end)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, now or when there is something to say."""
        seconds = _seconds(scope)
        if not seconds or self._is_ending or self._held >= conf.changes_waiting_max():
            await self._application(scope, receive, send)
            return
        client = _Client(receive)
        try:
            with self._one_more():
                answer = await self._answer(scope, client, seconds)
        finally:
            client.forget()
        if not client.is_gone:
            for message in answer:
                await send(message)

    async def _answer(self, scope: Scope, client: "_Client", seconds: int) -> list[Message]:
        """Return what the application answers once there is something, or after the time."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        # Read before the application is asked, so that whatever comes while it answers is seen after.
        known = await self._watch.newest()
        answer = await self._ask(scope, client)
        while (cursor := _nothing_after(answer)) and known is not None and not self._is_ending:
            coming = asyncio.ensure_future(self._watch.another(known))
            try:
                await asyncio.wait(
                    {coming, client.leaving},
                    timeout=until - loop.time(),
                    return_when=asyncio.FIRST_COMPLETED,
                )
            finally:
                coming.cancel()
            if client.is_gone:
                break
            is_late = not coming.done()
            known = None if is_late else coming.result()
            # Even when the time is over: what the clock does is seen by whoever asks.
            answer = await self._ask(_after(scope, cursor), client)
        return answer

    async def _ask(self, scope: Scope, client: "_Client") -> list[Message]:
        headers = [one for one in scope["headers"] if one[0] not in _FORMS]
        answer: list[Message] = []

        async def send(message: Message) -> None:
            answer.append(message)

        await self._application({**scope, "headers": headers}, client.empty_body(), send)
        return answer

    @contextmanager
    def _one_more(self) -> Iterator[None]:
        if not self._held:
            self._loop = asyncio.get_running_loop()
            self._ending.listen()
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            if not self._held:
                self._ending.stop()

    def _end(self) -> None:
        self._is_ending = True
        self._loop.call_soon_threadsafe(self._watch.release)


class _Client:
    """Whoever asked: notices when they leave."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.leaving = asyncio.ensure_future(self._leave())

    async def _leave(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    @property
    def is_gone(self) -> bool:
        """Whether there is nobody to answer any more."""
        return self.leaving.done() and not self.leaving.cancelled()

    def forget(self) -> None:
        """Listen no longer."""
        self.leaving.cancel()

    def empty_body(self) -> Receive:
        """Return what the application receives: a request without a body, and then that the client has left."""
        begun: list[bool] = []

        async def receive() -> Message:
            if not begun:
                begun.append(True)
                return {"type": "http.request", "body": b"", "more_body": False}
            await asyncio.shield(self.leaving)
            return {"type": "http.disconnect"}

        return receive


def _seconds(scope: Scope) -> int:
    """Return for how many seconds to hold the answer: 0 for one that is not to be held."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return 0
    address = _address(settings.ROOT_URLCONF)
    path = scope["path"].removeprefix(scope.get("root_path", "").rstrip("/"))
    if address is None or path.rstrip("/") != address:
        return 0
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    names = [name for name, _ in query]
    wait = dict(query).get("wait", "")
    is_plain = names.count("wait") == names.count("after") == 1 and _SECONDS.fullmatch(wait)
    if not is_plain or any(name in _WITH_BODY for name, _ in scope["headers"]):
        return 0
    return int(wait)


@cache
def _address(urlconf: Any) -> str | None:
    """Return the path of `changes/`, without the script prefix and the last slash, or None if there is none."""
    try:
        address = reverse("frontend_api:changes", urlconf)
    except NoReverseMatch:
        return None
    return f"/{address.removeprefix(get_script_prefix())}".rstrip("/")


def _nothing_after(answer: list[Message]) -> str:
    """Return the cursor of an answer that tells of nothing, or "" for any other."""
    if not answer or answer[0].get("status") != 200:
        return ""
    body = b"".join(message.get("body", b"") for message in answer[1:])
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    is_empty = isinstance(told, dict) and told.get("items") == [] and told.get("more") is False
    return str(told["cursor"]) if is_empty else ""


def _after(scope: Scope, cursor: str) -> Scope:
    """Return the same request, after another cursor."""
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    moved = [(name, cursor if name == "after" else value) for name, value in query]
    return {**scope, "query_string": urlencode(moved).encode()}
