"""Turns the relations of an object into JSON: to one and to many objects, to inline children, and reverse ones.

Objects that are not visible appear not to exist: a single one becomes None, and a list leaves them out, so that not
even their number is revealed.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db.models import Model
from modelcluster.fields import ParentalManyToManyField
from wagtail.api.conf import get_model_field
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from frontend_api.introspection import leads_to_children
from frontend_api.visibility.perspective import Perspective

from .deferred import AnyLoader, Deferred
from .documents import document_json
from .images import image_part
from .loaders import need_of
from .nested import Level, Medium, Nested
from .row_loaders import Children, Generic, ManyToMany, PointingAt, Several
from .selection import Selection

Renderer = Callable[[Any, Perspective], Any]


def chosen(
    model: type[Model], key: Any, selection: Selection = (), level: Level = Level.TEASER
) -> Deferred | None:
    """Return the JSON of the object of `model` that a field chooses by `key`; None if nothing visible is chosen."""
    if not key:
        # A block that was never filled in may hold an empty text.
        return None
    if issubclass(model, get_image_model()):
        return image_part(key, selection=selection)
    if issubclass(model, get_document_model()):
        return Deferred(
            lambda found: (
                found and Nested(Medium(found, document_json(found)), selection, Level.LINK)
            ),
            need_of(model, key),
        )
    return Deferred(lambda found: found and Nested(found, selection, level), need_of(model, key))


def visible_ones(parts: Iterable[Deferred | None]) -> Deferred:
    """Return the list of what several choices become, without those that become None."""
    there = [part for part in parts if part is not None]

    def build(*found: Any) -> list[Any]:
        values = iter(found)
        made = [part.build(*(next(values) for _ in part.needs)) for part in there]
        return [value for value in made if value is not None]

    return Deferred(build, *(need for part in there for need in part.needs))


def with_children(
    instance: Any,
    name: str,
    perspective: Perspective,
    build: Callable[[list[Any]], Any],
    chooser: str = "",
) -> Any:
    """Return what `build` makes of the inline children that `instance` has under `name`, in their order.

    A draft has its children in memory. Those of other objects are fetched in batches, and with them the objects that
    their foreign key `chooser` points to, if given.
    """
    relation = get_model_field(type(instance), name)
    manager = getattr(instance, name)
    if perspective.holds_in_memory(instance) or getattr(manager, "is_deferring", False):
        children = list(manager.all())
        order = getattr(relation.related_model, "sort_order_field", None)
        if order:
            # As the database orders their rows, or will once they are saved: among equals, the oldest first.
            children.sort(
                key=lambda child: (
                    getattr(child, order) is None,
                    getattr(child, order) or 0,
                    child.pk is None,
                    child.pk or 0,
                )
            )
        return build(children)
    children_of = Children(relation.related_model, relation.field.name, chooser)
    return Deferred(build, (children_of, instance.pk))


def with_related(
    instance: Any,
    name: str,
    field: Any,
    perspective: Perspective,
    build: Callable[[list[Any]], Any],
) -> Any:
    """Return what `build` makes of the list of objects to which `field`, a to-many or reverse relation, leads.

    They are in the order of their model, or of inline children. A many-to-many relation leads only to visible objects;
    a reverse foreign key or a generic relation may lead to hidden ones, which `build` has to filter out.
    """
    if leads_to_children(field):
        return with_children(instance, name, perspective, build)
    # The only many-to-many choices that a draft holds are those of a ParentalManyToManyField.
    is_held = isinstance(field, ParentalManyToManyField)
    if is_held and perspective.holds_in_memory(instance):
        keys = frozenset(item.pk for item in getattr(instance, name).all())
        return Deferred(build, (Several(field.related_model), keys))
    if instance.pk is None:
        # Nothing can point at an object that was never saved.
        return build([])
    return Deferred(build, (_loader(type(instance), field), instance.pk))


def _loader(model: type[Model], field: Any) -> AnyLoader:
    if isinstance(field, GenericRelation):
        return Generic(model, field.name)
    if field.many_to_many:
        forward = field if field.concrete else field.field
        return ManyToMany(forward.model, forward.name, choosing=not field.concrete)
    return PointingAt(field.related_model, field.field.name)


def relation_renderer(name: str, field: Any, selection: Selection, level: Level) -> Renderer:
    """Return the function that gives the JSON of a relation of a model."""
    below = level.below()
    if field.many_to_one or (field.one_to_one and field.concrete):
        return lambda obj, perspective: chosen(
            field.related_model, getattr(obj, field.attname), selection, below
        )
    # Inline children are part of the object, so they are shown at its own level.
    of_its_own = leads_to_children(field)
    at = level if of_its_own else below

    def each(items: list[Any], perspective: Perspective) -> Any:
        is_known = of_its_own or field.many_to_many
        if is_known or not perspective.has_privacy(field.related_model):
            made = [Nested(item, selection, at) for item in items]
            return made if not field.one_to_one else next(iter(made), None)
        # These rows say which objects there are, but not which are visible, or whether a draft replaces them.
        keys = [item.pk for item in items]
        if field.one_to_one:
            return chosen(field.related_model, next(iter(keys), None), selection, at)
        return visible_ones(chosen(field.related_model, key, selection, at) for key in keys)

    return lambda obj, perspective: with_related(
        obj, name, field, perspective, lambda items: each(items, perspective)
    )
