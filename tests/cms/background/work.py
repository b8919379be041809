"""Tasks for tests, and what was done."""

from typing import Any

from django_tasks import task

done: list[Any] = []
fails: set[str] = set()


@task()
def note(what: str) -> None:
    """Note something down, or fail."""
    done.append(what)
    if what in fails:
        raise ValueError(f"{what} fails.")
