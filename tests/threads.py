"""Something that is done beside the test, on another connection to the database."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


class Elsewhere:
    """Does something in a thread of its own, which begins at once; `join` raises what went wrong there."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self._act = act
        self._errors: list[BaseException] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._act()
        except BaseException as error:
            self._errors.append(error)
        finally:
            connection.close()

    def is_going_on(self) -> bool:
        """Tell whether it is not done yet."""
        return self._thread.is_alive()

    def join(self) -> None:
        """Wait until it is done."""
        self._thread.join()
        if self._errors:
            raise self._errors[0]
