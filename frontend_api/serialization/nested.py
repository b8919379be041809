"""What a representation nests: objects that it names, shown in their short form."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from .selection import Selection


class Level(IntEnum):
    """How much of an object its place shows; each nesting shows less, so that no representation is endless."""

    DETAIL = 0
    TEASER = 1
    LINK = 2

    def below(self) -> "Level":
        """Return the level of what is nested in an object of this level."""
        return Level(min(self + 1, Level.LINK))


@dataclass(frozen=True, slots=True)
class Nested:
    """The place of an object that may be seen; the resolver puts the object's form there.

    It is made where an object is at hand. What is known by its key alone is a `Deferred` that becomes one.
    """

    found: Any
    selection: Selection = ()
    level: Level = Level.TEASER
