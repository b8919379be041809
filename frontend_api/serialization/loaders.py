"""Everything that a response names is fetched together, however many pages name it.

While a representation is built, a part that needs something from the database is left as a `Deferred` that says
what it needs. `resolve` then collects the needs of the whole response, fetches each kind in one go, builds the
parts, and goes on with the needs that these have in turn. So the number of queries depends on how deep a
representation nests, never on how many pages, links or images it holds.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Model
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from frontend_api.changes.tags import table
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.related_rows import Rows, fetch

# When a kind is fetched, of all that are needed. What leads to more goes first (children and choices of several before
# all else), so that what leads to nothing, such as images, is fetched once, when all of it is known.
EARLY, SOON, LATE, LAST = range(4)


class Loader(Protocol):
    """Fetches many things of one kind; a key that may not be seen is missing from what it returns.

    A loader is compared to tell which needs belong together, so it is hashable: a function or a frozen dataclass.
    It may have a `turn`, one of the four above; without one it is fetched `SOON`.
    """

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, Any]:
        """Return what is visible among `keys`, by key."""


class Deferred:
    """A part of a representation that `build` makes from what its needs turn out to be (None for what is not)."""

    __slots__ = ("build", "needs")

    def __init__(self, build: Callable[..., Any], *needs: tuple[Loader, Hashable]) -> None:
        self.build = build
        self.needs = needs


Loaded = Mapping[Loader, Mapping[Any, Any]]
Place = tuple[Any, Any, Deferred]


def resolve(representation: Any, perspective: Perspective) -> Any:
    """Return `representation` with every deferred part in it built."""
    return resolve_and_tell(representation, perspective)[0]


def resolve_and_tell(representation: Any, perspective: Perspective) -> tuple[Any, Loaded]:
    """Return what `resolve` does, and all that was fetched for it: by loader, then by key."""
    root = [representation]
    loaded: dict[Loader, dict[Hashable, Any]] = defaultdict(dict)
    wanted: dict[Loader, set[Hashable]] = {}
    # A part waits for the first of its needs that is not there yet; then for the next one.
    waiting: dict[Loader, list[Place]] = defaultdict(list)
    ready = _deferred_in(root)
    while True:
        while ready:
            container, place, part = ready.pop()
            missing = [need for need in part.needs if need[1] not in loaded[need[0]]]
            if missing:
                for loader, key in missing:
                    wanted.setdefault(loader, set()).add(key)
                waiting[missing[0][0]].append((container, place, part))
            else:
                container[place] = part.build(*(loaded[loader][key] for loader, key in part.needs))
                ready += _deferred_in(container, [place])
        if not wanted:
            return root[0], loaded
        for loader, keys, found in _fetch_next(wanted, perspective):
            loaded[loader].update((key, found.get(key)) for key in keys)
            ready += waiting.pop(loader, [])


def _fetch_next(
    wanted: dict[Loader, set[Hashable]], perspective: Perspective
) -> list[tuple[Loader, set[Hashable], Mapping[Any, Any]]]:
    """Take out of `wanted` what is next and return it with what was found: all rows of parents, or one other kind."""
    related: dict[Any, set[Any]] = {
        loader: keys for loader, keys in wanted.items() if hasattr(loader, "rows")
    }
    if related:
        asked: dict[Rows, set[Any]] = {}
        for loader, keys in related.items():
            del wanted[loader]
            asked.setdefault(loader.rows, set()).update(keys)
        rows = fetch_rows(perspective, asked)
        return [
            (loader, keys, loader.given(perspective, rows[loader.rows]))
            for loader, keys in related.items()
        ]
    loader = min(wanted, key=_turn)
    keys = wanted.pop(loader)
    return [(loader, keys, loader(perspective, keys))]


def fetch_rows(
    perspective: Perspective, asked: dict[Rows, set[Any]]
) -> dict[Rows, dict[Any, list[Any]]]:
    """Fetch rows that belong to parents."""
    record = perspective.record
    with record.accounted():
        found = fetch(asked)
    for kind, by_parent in found.items():
        record.objects(kind.parent_field.related_model, by_parent)
        if not kind.is_part:
            record.tags.add(table(kind.model))
        if kind.joined:
            key: Any = kind.model._meta.get_field(kind.joined)
            for rows in by_parent.values():
                chosen = {getattr(row, key.attname) for row in rows} - {None}
                record.objects(kind.joined_model, chosen)
    return found


def _turn(loader: Any) -> int:
    return getattr(loader, "turn", SOON)


def _deferred_in(container: Any, places: Iterable[Any] | None = None) -> list[Place]:
    """Return where in `container` (a list or dict; only at `places`, if given) a deferred part stands."""
    found = []
    stack = [(container, places)]
    while stack:
        inside, only = stack.pop()
        if only is None:
            only = inside if isinstance(inside, dict) else range(len(inside))
        for place in only:
            value = inside[place]
            if isinstance(value, Deferred):
                found.append((inside, place, value))
            elif isinstance(value, dict | list):
                stack.append((value, None))
    return found


@dataclass(frozen=True)
class Pages:
    """Fetches visible pages as their own types, by id or by their place in the tree (their treebeard `path`)."""

    turn = EARLY

    def __call__(self, perspective: Perspective, keys: set[int | str]) -> Mapping[int | str, Page]:
        """Return the visible pages among `keys`."""
        ids = [key for key in keys if isinstance(key, int)]
        paths = [key for key in keys if isinstance(key, str)]
        found = perspective.specific_pages(ids, paths)
        return {page.pk: page for page in found} | {page.path: page for page in found}


pages = Pages()


@dataclass(frozen=True)
class Objects:
    """Fetches visible objects of any model by primary key."""

    model: type[Model]

    @property
    def turn(self) -> int:
        """Images and documents, which name nothing in turn, come last."""
        return LAST if issubclass(self.model, get_image_model() | get_document_model()) else LATE

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, Model]:
        """Return the visible objects among `keys`."""
        return perspective.by_key(self.model, keys)
