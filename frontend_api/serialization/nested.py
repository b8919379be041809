"""Pages and other objects that a representation names: shown in their short form, or as `null` when invisible."""

from enum import IntEnum
from typing import Any

from django.db.models import Model

from frontend_api.visibility.perspective import Perspective

from .loaders import Deferred, Objects, pages
from .selection import Selection


class Level(IntEnum):
    """How much of an object its place shows; each nesting shows less, so that no representation is endless."""

    DETAIL = 0
    TEASER = 1
    LINK = 2

    def below(self) -> "Level":
        """Return the level of what is nested in an object of this level."""
        return Level(min(self + 1, Level.LINK))


def nested_page(
    page_id: int | None,
    perspective: Perspective,
    selection: Selection = (),
    level: Level = Level.TEASER,
) -> Deferred | None:
    """Return the short form of a chosen page, which becomes None when the page may not be seen."""
    if page_id is None:
        return None
    # The forms of pages nest pages themselves, so this import waits until both modules are there.
    from .objects import represent

    return Deferred(
        lambda page: page and represent(page, perspective, selection, level, lenient=True),
        (pages, page_id),
    )


def nested_object(
    model: type[Model],
    key: Any,
    perspective: Perspective,
    selection: Selection = (),
    level: Level = Level.TEASER,
) -> Deferred | None:
    """Return the form of a chosen object that is no page, which becomes None when it may not be seen."""
    if key is None:
        return None
    return Deferred(
        lambda found: object_json(found, perspective, selection, level), (Objects(model), key)
    )


def object_json(
    obj: Any, perspective: Perspective, selection: Selection, level: Level
) -> dict[str, Any] | None:
    """Return the form of an object that was fetched already."""
    from .objects import represent

    return obj and represent(obj, perspective, selection, level)


def check_selection(model: type[Model], selection: Selection, level: Level) -> None:
    """Raise a bad-parameter problem where `selection` asks of objects of `model` what none of them has."""
    from .objects import check

    check(model, selection, level)
