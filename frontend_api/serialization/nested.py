"""Objects nested in a representation, which are shown in a shorter form."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from .selection import Selection


class Level(IntEnum):
    """How much of an object is shown; each nesting shows less, so that no representation is endless."""

    DETAIL = 0
    TEASER = 1
    LINK = 2

    def below(self) -> "Level":
        """Return the level of objects nested in one of this level."""
        return Level(min(self + 1, Level.LINK))


@dataclass(frozen=True, slots=True)
class Medium:
    """An image in one of its uses, or a document; `form` is what it shows outside `meta`, by name."""

    item: Any
    form: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Nested:
    """A visible object within a representation, which the resolver replaces with the object's JSON.

    It is for an object that is at hand. One known only by its key is a `Deferred`, which becomes a `Nested`.
    """

    found: Any
    selection: Selection = ()
    level: Level = Level.TEASER
