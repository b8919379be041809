"""Everything that a response names is fetched together, however many pages name it.

While a representation is built, a part that needs something from the database is left as a `Deferred` that says
what it needs. `build` then collects the needs of the whole response, fetches each kind in one go, builds the
parts, and goes on with the needs that these have in turn. So the number of queries depends on how deep a
representation nests, never on how many pages, links or images it holds.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Protocol

from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.related_rows import RelatedRows

from .nested import Nested

# When a kind is fetched, of all that are needed. What leads to more goes first (children and choices of several before
# all else), so that what leads to nothing, such as images, is fetched once, when all of it is known.
EARLY, SOON, LATE, LAST = range(4)


class Loader(Protocol):
    """Fetches many things of one kind; a key that may not be seen is missing from what it returns.

    A loader is compared to tell which needs belong together, so it is hashable: a function or a frozen dataclass. One
    of what names nothing in turn says `names_nothing = True`, and is asked last. Another one may have a `turn`, one of
    the first three above; without it, it is asked `SOON`.
    """

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, Any]:
        """Return what is visible among `keys`, by key."""


Need = tuple[Loader, Hashable]
"""What is needed: a loader, and the key of one thing that it fetches."""


class Deferred:
    """A part of a representation that `build` makes from what its needs turn out to be (None for what is not)."""

    __slots__ = ("build", "needs")

    def __init__(self, build: Callable[..., Any], *needs: Need) -> None:
        self.build = build
        self.needs = needs


Loaded = Mapping[Loader, Mapping[Any, Any]]
"""All that was fetched, by loader, then by key."""
Nest = Callable[[Nested], Any]
"""Returns the form of a nested object."""

_Place = tuple[Any, Any, Deferred | Nested]


def build(representation: Any, perspective: Perspective, nest: Nest) -> tuple[Any, Loaded]:
    """Return `representation` with every part in it built, and all that was fetched for it."""
    root = [representation]
    loaded: dict[Loader, dict[Hashable, Any]] = defaultdict(dict)
    wanted: dict[Loader, set[Hashable]] = {}
    # A part waits for the first of its needs that is not there yet; then for the next one.
    waiting: dict[Loader, list[_Place]] = defaultdict(list)
    ready = _parts_in(root)
    while True:
        while ready:
            container, place, part = ready.pop()
            if isinstance(part, Nested):
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
    """Return what a part that nests no objects becomes, for code that cannot wait for the rest of the response."""
    return build(part, perspective, _refuse)[0]


def _refuse(nested: Nested) -> Any:
    raise TypeError(f"{nested.found!r} has no form here.")


def _fetch_next(
    wanted: dict[Loader, set[Hashable]], perspective: Perspective
) -> list[tuple[Loader, set[Hashable], Mapping[Any, Any]]]:
    """Take out of `wanted` what is next and return it with what was found: all rows of parents, or one other kind."""
    related: dict[Any, set[Any]] = {
        loader: keys for loader, keys in wanted.items() if hasattr(loader, "rows")
    }
    if related:
        asked: dict[RelatedRows, set[Any]] = {}
        for loader, keys in related.items():
            del wanted[loader]
            asked.setdefault(loader.rows, set()).update(keys)
        rows = perspective.related_rows(asked)
        return [
            (loader, keys, loader.given(perspective, rows[loader.rows]))
            for loader, keys in related.items()
        ]
    loader = min(wanted, key=_turn)
    keys = wanted.pop(loader)
    return [(loader, keys, loader(perspective, keys))]


def _turn(loader: Any) -> int:
    if getattr(loader, "names_nothing", False):
        return LAST
    return getattr(loader, "turn", SOON)


def _parts_in(container: Any, places: Iterable[Any] | None = None) -> list[_Place]:
    """Return where in `container` (a list or dict; only at `places`, if given) a part stands that is to be built."""
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
