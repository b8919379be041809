"""How long commands and the worker wait for PostgreSQL; they read these in the place of what holds for servers."""

import os
from collections.abc import Sequence

from .environment import limit

WORKER = "db_worker"

PATIENT = {"migrate", "prepare_local", "restore"}
"""Commands that change tables, of which one statement may take hours on a large site."""


def wait_as_a_command(arguments: Sequence[str]) -> None:
    """Set how long the command that `arguments` name waits.

    Nobody waits for a command, so a statement may take its time, and a server may be silent for longer than while
    somebody reads. The worker does what is due in between, so that it has to go on sooner.
    """
    command = arguments[1] if len(arguments) > 1 else ""
    if command == WORKER:
        statement = limit("DATABASE_WORKER_TIMEOUT", 120)
        answer = statement and statement + 5
    else:
        statement = 0
        answer = 0 if command in PATIENT else limit("DATABASE_COMMAND_TIMEOUT", 600)
    os.environ["DATABASE_STATEMENT_TIMEOUT"] = str(statement)
    os.environ["DATABASE_ANSWER_TIMEOUT"] = str(answer)
