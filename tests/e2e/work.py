"""A task for workers that are real processes: it leaves a line in a file."""

import time
from pathlib import Path

from django_tasks import task


@task()
def leave_line(path: str, line: str, seconds: float) -> None:
    """Take some time, then write a line."""
    time.sleep(seconds)
    with Path(path).open("a") as file:
        file.write(f"{line}\n")
