"""Says when the process is asked to end, so that whoever is held is answered first.

Servers wait for the answers that they owe before they tell an application that it ends.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Ending:
    """Hears of the signals that the server listens to, and passes them on; while nobody is held, it hears nothing."""

    def __init__(self, told: Callable[[], None]) -> None:
        self._told = told
        self._before: dict[signal.Signals, Callable[..., Any]] = {}

    def listen(self) -> None:
        """Begin to hear; only the main thread can."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in SIGNALS:
            before = signal.getsignal(number)
            # Where the server leaves a signal to the system, the process ends at once.
            if callable(before) and before != self._hear:
                self._before[number] = before
                _set(number, self._hear)

    def stop(self) -> None:
        """Hear no more, and leave the signals to whom they were for."""
        for number, before in self._before.items():
            if signal.getsignal(number) == self._hear:
                _set(number, before)
        self._before.clear()

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._told()
        self._before[signal.Signals(number)](number, frame)


def _set(number: signal.Signals, handler: Callable[..., Any]) -> None:
    signal.signal(number, handler)
    # As asyncio has it: a signal is no reason for a system call to fail.
    signal.siginterrupt(number, False)
