"""Loaders of the objects that belong to many others: inline children, choices, and objects that point at them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from frontend_api.introspection import Page
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.related_rows import RelatedRows

from .deferred import RowLoader


@dataclass(frozen=True)
class Children(RowLoader):
    """Fetches the inline children of many parents, in order; `field` is the child's foreign key to its parent.

    The objects to which `chooser`, another foreign key of the child, points are fetched in the same query. It is only
    for models whose objects are never private.
    """

    model: type[Model]
    field: str
    chooser: str = ""

    @property
    def rows(self) -> RelatedRows:
        """The rows of the children."""
        return RelatedRows(self.model, self.field, self.chooser)


@dataclass(frozen=True)
class ManyToMany(RowLoader):
    """Fetches the visible objects that many objects of `model` choose in their many-to-many field `field`.

    With `choosing` it is the other way round: the visible objects of `model` that choose each of many objects. They
    come in the order of their own model.
    """

    model: type[Model]
    field: str
    choosing: bool = False

    @property
    def rows(self) -> RelatedRows:
        """The rows of the through table, each with the object that it leads to."""
        field: Any = self.model._meta.get_field(self.field)
        through = field.remote_field.through
        chooser, chosen = field.m2m_field_name(), field.m2m_reverse_field_name()
        if self.choosing:
            return RelatedRows(through, chosen, chooser, as_joined=True, is_part=False)
        return RelatedRows(through, chooser, chosen, as_joined=True)

    def from_rows(
        self, perspective: Perspective, rows: Mapping[Any, list[Any]]
    ) -> Mapping[Any, list[Model]]:
        """Return the visible objects linked to each key; `rows` are those of the through table."""
        target, model = self.rows.joined, self.rows.joined_model
        # A row of a through table may lead to no object.
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
class PointingAt(RowLoader):
    """Fetches the objects of `model` that point at many objects by the foreign key `field`, in the order of `model`.

    It does so whether they are visible or not.
    """

    model: type[Model]
    field: str

    @property
    def rows(self) -> RelatedRows:
        """The rows that point at the objects."""
        return RelatedRows(self.model, self.field, is_part=False)


@dataclass(frozen=True)
class Generic:
    """Fetches the objects whose generic keys point at many objects of `model`; `field` is the generic relation."""

    model: type[Model]
    field: str

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, list[Model]]:
        """Return the objects that point at each of `keys`, visible or not."""
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
    """Fetches the objects of `model` that many drafts choose; a key is the frozenset of one draft's choices."""

    model: type[Model]

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, list[Model]]:
        """Return the visible objects of each set, in the same order as on a published page."""
        visible = among(perspective, self.model, frozenset().union(*keys))
        return {key: [obj for obj in visible if obj.pk in key] for key in keys}


def among(perspective: Perspective, model: type[Model], keys: Iterable[Any]) -> list[Any]:
    """Return the visible objects of `model` among `keys`, in the order of the model.

    A page is replaced by its draft where the perspective shows drafts.
    """
    order = (*(model._meta.ordering or ()), "pk")
    found = perspective.listed(perspective.objects(model).filter(pk__in=keys).order_by(*order))
    return perspective.seen(found) if issubclass(model, Page) else found
