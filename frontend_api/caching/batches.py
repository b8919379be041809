"""Has a thread answer, all at once, those who asked while it answered others."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


class Batches(Generic[Asked, Answered]):
    """Gathers what is asked in an event loop; what answers it begins after the last of them has asked.

    So what it reads first is as new as if each had read it alone.
    """

    def __init__(
        self, answer: Callable[[Sequence[Asked]], Sequence[Answered]], executor: Executor
    ) -> None:
        self._answer = answer
        self._executor = executor
        self._waiting: list[tuple[Asked, asyncio.Future[Answered]]] = []
        self._is_begun = False

    async def answer(self, asked: Asked) -> Answered:
        """Return the answer to one of them."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Answered] = loop.create_future()
        self._waiting.append((asked, answered))
        if not self._is_begun:
            self._is_begun = True
            # Not at once: others may have come in the same turn of the loop.
            loop.call_soon(self._begin, loop)
        return await answered

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        batch, self._waiting = self._waiting, []

        def work() -> None:
            answers: Sequence[Answered] | BaseException
            try:
                answers = self._answer([asked for asked, _ in batch])
            except BaseException as error:
                answers = error
            loop.call_soon_threadsafe(self._deliver, loop, batch, answers)

        self._executor.submit(work)

    def _deliver(
        self,
        loop: asyncio.AbstractEventLoop,
        batch: list[tuple[Asked, "asyncio.Future[Answered]"]],
        answers: Sequence[Answered] | BaseException,
    ) -> None:
        for place, (_, answered) in enumerate(batch):
            if answered.done():
                # Whoever asked has left.
                continue
            if isinstance(answers, BaseException):
                answered.set_exception(answers)
            else:
                answered.set_result(answers[place])
        if self._waiting:
            # Once these are answered: whoever asks meanwhile is answered with the next.
            loop.call_soon(self._begin, loop)
        else:
            self._is_begun = False
