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
from wagtail.models import Page

from .perspective import Perspective


class Loader(Protocol):
    """Fetches many things of one kind; a key that may not be seen is missing from what it returns.

    A loader is compared to tell which needs belong together, so it is hashable: a function or a frozen dataclass.
    """

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, Any]:
        """Return what is visible among `keys`, by key."""


class Last:
    """A loader of things that name nothing further: it is asked once, when all that may still need it is there."""


class Deferred:
    """A part of a representation that `build` makes from what its needs turn out to be (None for what is not)."""

    __slots__ = ("build", "needs")

    def __init__(self, build: Callable[..., Any], *needs: tuple[Loader, Hashable]) -> None:
        self.build = build
        self.needs = needs

    @property
    def waits(self) -> bool:
        """Whether it needs something that is fetched last."""
        return any(isinstance(loader, Last) for loader, _ in self.needs)


Loaded = Mapping[Loader, Mapping[Any, Any]]


def resolve(representation: Any, perspective: Perspective) -> Any:
    """Return `representation` with every deferred part in it built."""
    return resolve_and_tell(representation, perspective)[0]


def resolve_and_tell(representation: Any, perspective: Perspective) -> tuple[Any, Loaded]:
    """Return what `resolve` does, and all that was fetched for it: by loader, then by key."""
    root = [representation]
    waiting = _deferred_in(root)
    loaded: dict[Loader, dict[Hashable, Any]] = defaultdict(dict)
    while waiting:
        pending = [entry for entry in waiting if not entry[2].waits]
        at_last = not pending
        pending, waiting = (
            (waiting, []) if at_last else (pending, [entry for entry in waiting if entry[2].waits])
        )
        wanted: dict[Loader, set[Hashable]] = defaultdict(set)
        for _, _, part in [*pending, *waiting]:
            for loader, key in part.needs:
                if key not in loaded[loader] and (at_last or not isinstance(loader, Last)):
                    wanted[loader].add(key)
        for loader, keys in wanted.items():
            found = loader(perspective, keys)
            loaded[loader].update((key, found.get(key)) for key in keys)
        for container, place, part in pending:
            container[place] = part.build(*(loaded[loader][key] for loader, key in part.needs))
            waiting += _deferred_in(container, [place])
    return root[0], loaded


def _deferred_in(
    container: Any, places: Iterable[Any] | None = None
) -> list[tuple[Any, Any, Deferred]]:
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


def specific_pages(perspective: Perspective, keys: set[int]) -> Mapping[int, Page]:
    """Fetch visible pages as their own types, by id."""
    return perspective.specific_pages(keys)


def pages(perspective: Perspective, keys: set[int]) -> Mapping[int, Page]:
    """Fetch visible pages by id without the fields of their own types: enough for a link to each."""
    return perspective.pages().in_bulk(keys)


def pages_by_tree_path(perspective: Perspective, keys: set[str]) -> Mapping[str, Page]:
    """Fetch visible pages by their place in the tree, as `pages` does."""
    return {page.path: page for page in perspective.pages().filter(path__in=keys)}


@dataclass(frozen=True)
class Objects:
    """Fetches visible objects of any model by primary key."""

    model: type[Model]

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, Model]:
        """Return the visible objects among `keys`."""
        return perspective.objects(self.model).in_bulk(keys)


@dataclass(frozen=True)
class Children:
    """Fetches the inline children of many parents, in order; `field` is the child's key to its parent."""

    model: type[Model]
    field: str

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, list[Model]]:
        """Return the children of each parent."""
        children: dict[Any, list[Model]] = {key: [] for key in keys}
        found = self.model._default_manager.filter(**{f"{self.field}__in": keys})
        # Children that were never numbered are alike to their model's order, and come as they were made.
        for child in found.order_by(*(self.model._meta.ordering or ()), "pk"):
            children[child.serializable_value(self.field)].append(child)
        return children


@dataclass(frozen=True)
class ManyToMany:
    """Fetches what many objects choose through a many-to-many field, in the order of the chosen model."""

    model: type[Model]
    field: str

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, list[Model]]:
        """Return the visible objects that each of `keys` chooses."""
        field: Any = self.model._meta.get_field(self.field)
        source, target = field.m2m_field_name(), field.m2m_reverse_field_name()
        chosen: dict[Any, list[Any]] = {key: [] for key in keys}
        links = field.remote_field.through._default_manager.filter(**{f"{source}__in": keys})
        for source_key, target_key in links.order_by("pk").values_list(source, target):
            chosen[source_key].append(target_key)
        wanted = {key for targets in chosen.values() for key in targets}
        objects = {
            obj.pk: obj for obj in perspective.objects(field.related_model).filter(pk__in=wanted)
        }
        # The queryset's own order is the model's; `objects` keeps it.
        return {
            key: [obj for pk, obj in objects.items() if pk in set(targets)]
            for key, targets in chosen.items()
        }
