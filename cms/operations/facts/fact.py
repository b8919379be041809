"""A fact about the service."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """A number that is drawn over time: `cms_tasks_waiting 3`, or `cms_purge_behind_seconds{cache="https://…"} 12`."""

    name: str
    help: str
    value: float
    label: tuple[str, str] | None = None
    """The name and the value of its one label, if it has one."""


@dataclass(frozen=True)
class Fact:
    """What is so, whether that is well, and what to do if it is not."""

    name: str
    is_good: bool
    says: str
    """A sentence, with nothing in it that only administrators may know where it is good."""
    remedy: str = ""
    """The line that mends it."""
    is_vital: bool = False
    """Whether a server of which this is not good is to be sent no requests."""
    measures: tuple[Measure, ...] = ()

    @property
    def is_command(self) -> bool:
        """Whether the remedy is a command to type."""
        return self.remedy.startswith("python manage.py ")
