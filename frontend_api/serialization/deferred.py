"""Fetches everything that a response refers to in batches, so that the number of queries stays small.

While a representation is made, each part that needs something from the database is left as a `Deferred`, which
states its needs. `build` then collects the needs of the whole response, fetches each kind in one go, builds the
parts, and repeats this for the needs of what they contain. So the number of queries depends on how deeply a
representation nests, never on how many pages, links or images it holds.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Protocol

from django.db.models import Model

from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.related_rows import RelatedRows

from .nested import Nested

# The order in which loaders run. Those that lead to more needs go first (inline children and many-to-many choices
# before all others), so that those that lead to none, such as images, run once, when all their keys are known.
EARLY, SOON, LATE, LAST = range(4)


class Loader(Protocol):
    """Fetches many things of one kind; the result lacks the keys of those that are not visible.

    Needs with equal loaders are fetched together, so a loader is hashable: a function or a frozen dataclass. One whose
    results lead to no other needs sets `names_nothing = True`, and runs `LAST`. Any other may set `turn` to one of the
    first three constants above; the default is `SOON`.
    """

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, Any]:
        """Return the visible things among `keys`, by key."""


class RowLoader(ABC):
    """Fetches rows that belong to many parents, by the parent's key; it is a frozen dataclass.

    All of these run before all loaders, and together: however many kinds of rows there are, they are one query.
    """

    @property
    @abstractmethod
    def rows(self) -> RelatedRows:
        """What is fetched."""

    def from_rows(
        self, perspective: Perspective, rows: Mapping[Any, list[Any]]
    ) -> Mapping[Any, list[Model]]:
        """Return what is found for each key, given the rows of each: the rows themselves, unless it says otherwise."""
        return rows


AnyLoader = Loader | RowLoader
Need = tuple[AnyLoader, Hashable]
"""A loader, and the key of one thing that it fetches."""


class Deferred:
    """A part of a representation: `build` makes it from the results of `needs`, in order; a missing one is None."""

    __slots__ = ("build", "needs")

    def __init__(self, build: Callable[..., Any], *needs: Need) -> None:
        self.build = build
        self.needs = needs


Loaded = Mapping[AnyLoader, Mapping[Any, Any]]
"""Everything that was fetched, by loader and then by key."""
Nest = Callable[[Nested], Any]
"""Returns the JSON of a nested object, which may hold further parts."""

_Place = tuple[Any, Any, Deferred | Nested]


def build(representation: Any, perspective: Perspective, nest: Nest | None) -> tuple[Any, Loaded]:
    """Return `representation` with every part in it built, and everything that was fetched for it.

    `nest` makes the JSON of each nested object; without it, nested objects stay as they are.
    """
    root = [representation]
    loaded: dict[AnyLoader, dict[Hashable, Any]] = defaultdict(dict)
    wanted: dict[AnyLoader, set[Hashable]] = {}
    # A part waits for the first of its missing needs, then for the next one that is still missing.
    waiting: dict[AnyLoader, list[_Place]] = defaultdict(list)
    ready = _parts_in(root)
    while True:
        while ready:
            container, place, part = ready.pop()
            if isinstance(part, Nested):
                if nest is None:
                    continue
                container[place] = nest(part)
            elif missing := [need for need in part.needs if need[1] not in loaded[need[0]]]:
                for loader, key in missing:
                    wanted.setdefault(loader, set()).add(key)
                waiting[missing[0][0]].append((container, place, part))
                continue
            else:
                container[place] = part.build(*(loaded[loader][key] for loader, key in part.needs))
            ready += _parts_in(container, [place])
        if not wanted:
            return root[0], loaded
        for loader, keys, found in _fetch_next(wanted, perspective):
            loaded[loader].update((key, found.get(key)) for key in keys)
            ready += waiting.pop(loader, [])


def build_at_once(part: Any, perspective: Perspective) -> Any:
    """Return the value of a part, for code that cannot wait for the rest of the response.

    Objects that it nests stay `Nested`, and take their form with the rest of the response.
    """
    return build(part, perspective, None)[0]


def _fetch_next(
    wanted: dict[AnyLoader, set[Hashable]], perspective: Perspective
) -> list[tuple[AnyLoader, set[Hashable], Mapping[Any, Any]]]:
    """Fetch for the loaders whose turn it is: all of rows at once, or else one other.

    Takes them out of `wanted`, and returns each with the keys and the things found.
    """
    related = {loader: keys for loader, keys in wanted.items() if isinstance(loader, RowLoader)}
    if related:
        asked: dict[RelatedRows, set[Any]] = {}
        for loader, keys in related.items():
            del wanted[loader]
            asked.setdefault(loader.rows, set()).update(keys)
        rows = perspective.related_rows(asked)
        return [
            (loader, keys, loader.from_rows(perspective, rows[loader.rows]))
            for loader, keys in related.items()
        ]
    following: Any = min(wanted, key=_turn)
    keys = wanted.pop(following)
    return [(following, keys, following(perspective, keys))]


def _turn(loader: Any) -> int:
    if getattr(loader, "names_nothing", False):
        return LAST
    return getattr(loader, "turn", SOON)


def _parts_in(container: Any, places: Iterable[Any] | None = None) -> list[_Place]:
    """Return every part in `container`, a list or dict, with where it is; search only `places`, if given."""
    found = []
    stack = [(container, places)]
    while stack:
        inside, only = stack.pop()
        if only is None:
            only = inside if isinstance(inside, dict) else range(len(inside))
        for place in only:
            value = inside[place]
            if isinstance(value, Deferred | Nested):
                found.append((inside, place, value))
            elif isinstance(value, dict | list):
                stack.append((value, None))
    return found
