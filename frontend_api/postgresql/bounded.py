"""A connection to PostgreSQL that is given up when the server stays silent for too long.

A server whose process is stopped, or whose disk hangs, goes on to acknowledge what is sent to it: no time-out of TCP
notices, and a limit that the server itself should keep is not kept.
"""

from collections.abc import Generator
from typing import Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

Result = TypeVar("Result")

_INTERVAL = 0.1
"""How often psycopg looks whether it is interrupted, as in psycopg itself."""


class BoundedConnection(psycopg.Connection[TupleRow]):
    """A connection that knows how many seconds it waits for an answer; 0 is without end."""

    answer_timeout: float = 0

    def wait(
        self,
        gen: Generator[Any, Any, Result],
        interval: float = _INTERVAL,
        timeout: float | None = None,
    ) -> Result:
        """Have something done with the server; raises `psycopg.OperationalError` if it does not answer in time.

        The connection is closed then, since nobody knows what the server does with what it was told.
        """
        if timeout is not None or not self.answer_timeout:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.answer_timeout)
        except psycopg.OperationalError as error:
            is_silent = self.pgconn.transaction_status == TransactionStatus.ACTIVE
            if error.sqlstate is not None or not is_silent:
                raise
            self.pgconn.finish()
            raise psycopg.OperationalError(
                f"The server has not answered for {self.answer_timeout:g} seconds, and is no longer waited for."
            ) from error
