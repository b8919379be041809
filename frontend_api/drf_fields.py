"""Fields of Django REST framework as JSON, for `APIField("name", serializer=…)` as Wagtail documents it.

Such a field goes from object to object by itself, and would show whatever it comes to. Here its way is gone for it, by
the loaders that everything else is fetched by: what may not be seen ends the way, and a list goes without it.
"""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Manager, Model, QuerySet
from rest_framework import serializers
from rest_framework.fields import is_simple_callable
from taggit.managers import TaggableManager
from wagtail.api import APIField
from wagtail.api.conf import get_model_field
from wagtail.models import Page

from .loading import Deferred, Loader, Objects, pages
from .perspective import Perspective
from .relations import Renderer, with_related

Show = Callable[[Any], Any]


def renderer(declared: APIField) -> Renderer:
    """Return the function that gives what the serialiser field of a declaration makes of an object."""

    def render(obj: Any, perspective: Perspective) -> Any:
        # A bound field belongs to one serialiser, and requests run side by side.
        field = copy.deepcopy(declared.serializer)
        field.bind(declared.name, serializers.Serializer(context={"perspective": perspective}))
        return _value(field, obj, perspective)

    return render


def _value(field: Any, obj: Any, perspective: Perspective) -> Any:
    """Return what a bound field shows of the object that it belongs to."""
    return _follow(
        obj,
        list(field.source_attrs),
        perspective,
        lambda value: None if value is None else _shown(field, value, perspective),
    )


def _shown(field: Any, value: Any, perspective: Perspective) -> Any:
    """Return what a field makes of its value, of which it is known that it may be seen."""
    if isinstance(field, serializers.ManyRelatedField):
        return [field.child_relation.to_representation(item) for item in value]
    if isinstance(field, serializers.ListSerializer):
        return [_shown(field.child, item, perspective) for item in value]
    is_plain = type(field).to_representation in (
        serializers.Serializer.to_representation,
        serializers.ModelSerializer.to_representation,
    )
    if isinstance(field, serializers.Serializer) and is_plain:
        return {
            name: _value(inner, value, perspective)
            for name, inner in field.fields.items()
            if not inner.write_only
        }
    return field.to_representation(value)


def _follow(value: Any, attributes: list[str], perspective: Perspective, show: Show) -> Any:
    """Go from `value` along `attributes`, and return what `show` makes of what is at the end, or of None."""
    if not attributes or value is None:
        return show(value)
    name, rest = attributes[0], attributes[1:]

    def onwards(found: Any) -> Any:
        return _follow(found, rest, perspective, show)

    relation = _relation(value, name)
    if relation is None:
        return _seen(_attribute(value, name), perspective, onwards)
    if relation.many_to_one or (relation.one_to_one and relation.concrete):
        key = getattr(value, relation.attname)
        return (
            onwards(None)
            if key is None
            else Deferred(onwards, _by_key(relation.related_model, key))
        )
    return with_related(
        value,
        name,
        relation,
        perspective,
        lambda found: _seen(
            next(iter(found), None) if relation.one_to_one else found, perspective, onwards
        ),
    )


def _relation(value: Any, name: str) -> Any:
    """Return the relation to objects of one model that `value` has under a name, or None."""
    if not isinstance(value, Model):
        return None
    try:
        field = get_model_field(type(value), name)
    except FieldDoesNotExist:
        return None
    # Tags are texts to all but the database.
    is_followed = (
        field.is_relation and field.related_model and not isinstance(field, TaggableManager)
    )
    return field if is_followed else None


def _attribute(value: Any, name: str) -> Any:
    """Return what an attribute, method or key of something is, as Django REST framework would."""
    try:
        found = value[name] if isinstance(value, Mapping) else getattr(value, name)
        return found() if is_simple_callable(found) else found
    except ObjectDoesNotExist:
        return None


def _seen(found: Any, perspective: Perspective, onwards: Show) -> Any:
    """Go on from what was found, without what may not be seen: an object, or some of several."""
    if isinstance(found, Manager | QuerySet):
        found = list(found.all())
    several = found if isinstance(found, list | tuple) else [found]
    needs = [_by_key(type(one), one.pk) for one in several if _may_be_private(one, perspective)]
    if not needs:
        return onwards(found)

    def build(*visible: Any) -> Any:
        answers = iter(visible)
        there = [next(answers) if _may_be_private(one, perspective) else one for one in several]
        return onwards([one for one in there if one is not None] if several is found else there[0])

    return Deferred(build, *needs)


def _may_be_private(found: Any, perspective: Perspective) -> bool:
    return (
        isinstance(found, Model)
        and perspective.has_privacy(type(found))
        and not perspective.holds_in_memory(found)
    )


def _by_key(model: type[Model], key: Any) -> tuple[Loader, Any]:
    return (pages if issubclass(model, Page) else Objects(model)), key
