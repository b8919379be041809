"""The loaders of what belongs to many objects, several each: children, choices, and what points at them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import Page

from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.related_rows import RelatedRows


@dataclass(frozen=True)
class Children:
    """Fetches the inline children of many parents, in order; `field` is the child's key to its parent.

    `chooser`, a key of the child, has the object that it chooses fetched along; only for what is never private.
    """

    model: type[Model]
    field: str
    chooser: str = ""

    @property
    def rows(self) -> RelatedRows:
        """What is fetched."""
        return RelatedRows(self.model, self.field, self.chooser)

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, list[Model]]:
        """Return the children of each parent."""
        return self.given(perspective, perspective.related_rows({self.rows: keys})[self.rows])

    def given(
        self, perspective: Perspective, rows: Mapping[Any, list[Any]]
    ) -> Mapping[Any, list[Model]]:
        """Return the children of each parent, which are the rows themselves."""
        return rows


class Linked:
    """Fetches what many objects are connected with by a many-to-many field, in the order of what is fetched."""

    @property
    def rows(self) -> RelatedRows:
        """The links, each with what it leads to."""
        raise NotImplementedError

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, list[Model]]:
        """Return the visible objects that each of `keys` is connected with."""
        return self.given(perspective, perspective.related_rows({self.rows: keys})[self.rows])

    def given(
        self, perspective: Perspective, rows: Mapping[Any, list[Any]]
    ) -> Mapping[Any, list[Model]]:
        """Return the visible objects that each key is connected with; the rows are the links to them."""
        target, model = self.rows.joined, self.rows.joined_model
        # A row between two may lead to nothing.
        linked = {
            key: [obj for row in links if (obj := getattr(row, target)) is not None]
            for key, links in rows.items()
        }
        if not perspective.has_privacy(model):
            return linked
        keys = frozenset(obj.pk for objects in linked.values() for obj in objects)
        visible = {obj.pk: obj for obj in among(perspective, model, keys)}
        return {
            key: [visible[obj.pk] for obj in objects if obj.pk in visible]
            for key, objects in linked.items()
        }


@dataclass(frozen=True)
class ManyToMany(Linked):
    """Fetches what many objects of `model` choose through a many-to-many field."""

    model: type[Model]
    field: str

    @property
    def rows(self) -> RelatedRows:
        """The links, by who chooses."""
        field: Any = self.model._meta.get_field(self.field)
        source, target = field.m2m_field_name(), field.m2m_reverse_field_name()
        return RelatedRows(field.remote_field.through, source, target, as_joined=True)


@dataclass(frozen=True)
class LinkedFrom(Linked):
    """Fetches the objects of `model` that choose each of many objects through a many-to-many field."""

    model: type[Model]
    field: str

    @property
    def rows(self) -> RelatedRows:
        """The links, by what is chosen."""
        field: Any = self.model._meta.get_field(self.field)
        source, target = field.m2m_field_name(), field.m2m_reverse_field_name()
        return RelatedRows(
            field.remote_field.through, target, source, as_joined=True, is_part=False
        )


@dataclass(frozen=True)
class PointingAt:
    """Fetches the objects of `model` that point at many objects by the key `field`, in their own order."""

    model: type[Model]
    field: str

    @property
    def rows(self) -> RelatedRows:
        """What is fetched."""
        return RelatedRows(self.model, self.field, is_part=False)

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, list[Model]]:
        """Return what points at each of `keys`, whether it may be seen or not."""
        return self.given(perspective, perspective.related_rows({self.rows: keys})[self.rows])

    def given(
        self, perspective: Perspective, rows: Mapping[Any, list[Any]]
    ) -> Mapping[Any, list[Model]]:
        """Return what points at each key, which is the rows themselves."""
        return rows


@dataclass(frozen=True)
class Generic:
    """Fetches what points at many objects of `model` by its type and key; `field` is the generic relation to it."""

    model: type[Model]
    field: str

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, list[Model]]:
        """Return what points at each of `keys`, whether it may be seen or not."""
        relation: Any = self.model._meta.get_field(self.field)
        named, kind = relation.object_id_field_name, relation.content_type_field_name
        pointing = relation.related_model._default_manager.filter(
            **{f"{named}__in": list(keys), kind: ContentType.objects.get_for_model(self.model)}
        )
        found: dict[Any, list[Model]] = {key: [] for key in keys}
        by_text = {str(key): key for key in keys}
        for obj in pointing.order_by(*(relation.related_model._meta.ordering or ()), "pk"):
            found[by_text[str(getattr(obj, named))]].append(obj)
        return found


@dataclass(frozen=True)
class Several:
    """Fetches what many drafts choose of `model`, several each; a key is the set of their primary keys."""

    model: type[Model]

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, list[Model]]:
        """Return the visible objects of each set, in the order in which those of a published page are."""
        visible = among(perspective, self.model, frozenset().union(*keys))
        return {key: [obj for obj in visible if obj.pk in key] for key in keys}


def among(perspective: Perspective, model: type[Model], keys: Iterable[Any]) -> list[Any]:
    """Return the visible objects of any model among `keys`, as they are seen, in the order of the model."""
    order = (*(model._meta.ordering or ()), "pk")
    found = perspective.listed(perspective.objects(model).filter(pk__in=keys).order_by(*order))
    return perspective.seen(found) if issubclass(model, Page) else found
