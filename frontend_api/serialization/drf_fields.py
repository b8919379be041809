"""Serialises Django REST framework fields, as Wagtail documents them: `APIField("name", serializer=…)`.

Such a field follows relations from object to object by itself, and would show whatever it reaches. This module follows
them instead (along `source`, the `slug_field` of a `SlugRelatedField`, the fields of a nested serialiser), with the
same loaders as everything else: the path ends at an object that is not visible, and a list leaves it out. Where a
serialiser overrides `to_representation`, its fields get their values one by one, which is as safe but takes more
queries.

What the code of a field or serialiser does with an object is its own responsibility: it never gets one that is not
visible, but whatever it reads from the one it gets is shown.
"""

import copy
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Manager, Model, QuerySet
from rest_framework import serializers
from rest_framework.fields import is_simple_callable
from taggit.managers import TaggableManager
from wagtail.api import APIField
from wagtail.api.conf import get_model_field
from wagtail.images import get_image_model

from frontend_api.images.prepared import PREPARED_IMAGES
from frontend_api.visibility.perspective import Perspective

from .deferred import Deferred, Need, build_at_once
from .loaders import need_of
from .relations import Renderer, with_related

Show = Callable[[Any], Any]


def need_for_code(model: Any, key: Any) -> Need:
    """Return the need for an object that the code of a project gets: an image comes with its renditions."""
    if issubclass(model, get_image_model()):
        return PREPARED_IMAGES, key
    return need_of(model, key)


def context_of(perspective: Perspective) -> dict[str, Any]:
    """Return the `context` that the code of a project gets."""
    return {**perspective.context, "perspective": perspective}


def renderer(declared: APIField) -> Renderer:
    """Return the function that gives the JSON of a declared field, as its serialiser field makes it."""

    def render(obj: Any, perspective: Perspective) -> Any:
        # A bound field belongs to one serialiser, and requests run concurrently.
        field = copy.deepcopy(declared.serializer)
        field.bind(declared.name, serializers.Serializer(context=context_of(perspective)))
        return _value(field, obj, perspective)

    return render


def _value(field: Any, obj: Any, perspective: Perspective) -> Any:
    """Return the JSON that a bound field gives for `obj`."""
    return _given(
        field,
        obj,
        perspective,
        lambda value: None if value is None else _shown(field, value, perspective),
    )


# How Django REST framework's own fields get their values.
_OWN_WAYS = {
    serializers.Field.get_attribute,
    serializers.RelatedField.get_attribute,
    serializers.ManyRelatedField.get_attribute,
}


def _given(field: Any, obj: Any, perspective: Perspective, show: Show) -> Any:
    """Return what `show` makes of the value that a bound field gets from `obj`."""
    if type(field).get_attribute in _OWN_WAYS:
        return _follow(obj, list(field.source_attrs), perspective, show, field)
    # The field gets its value in its own way, such as the whole object.
    return _seen(type(field).get_attribute(field, obj), perspective, show)


def _shown(field: Any, value: Any, perspective: Perspective) -> Any:
    """Return what a field makes of its value, which is known to be visible."""
    made_by = type(field).to_representation
    if made_by is serializers.ManyRelatedField.to_representation:
        return [_shown(field.child_relation, item, perspective) for item in value]
    if made_by is serializers.ListSerializer.to_representation:
        return [_shown(field.child, item, perspective) for item in value]
    if made_by is serializers.SlugRelatedField.to_representation:
        return _follow(value, field.slug_field.split("__"), perspective, lambda found: found)
    if made_by is serializers.Serializer.to_representation:
        return {
            name: _value(inner, value, perspective)
            for name, inner in field.fields.items()
            if not inner.write_only
        }
    _guard(field, perspective)
    return made_by(field, value)


def _guard(field: Any, perspective: Perspective) -> None:
    """If `field` is a serialiser that makes its own JSON, patch its fields so that they get only visible objects."""
    serializer = getattr(field, "child", field)
    if not isinstance(serializer, serializers.Serializer):
        return
    inner: Any
    for inner in serializer.fields.values():
        inner.get_attribute = partial(_given_at_once, inner, perspective)
        inner.to_representation = partial(_shown_at_once, inner, perspective)


def _given_at_once(field: Any, perspective: Perspective, obj: Any) -> Any:
    return build_at_once(_given(field, obj, perspective, lambda value: value), perspective)


def _shown_at_once(field: Any, perspective: Perspective, value: Any) -> Any:
    return build_at_once(_shown(field, value, perspective), perspective)


def _follow(
    value: Any, attributes: list[str], perspective: Perspective, show: Show, field: Any = None
) -> Any:
    """Follow `attributes` from `value`, and return what `show` makes of the value at the end, or of None.

    A missing attribute is replaced by the default of `field`, or by None if `field` has none and is not required;
    otherwise the AttributeError or KeyError is raised.
    """
    if not attributes or value is None:
        return show(value)
    name, rest = attributes[0], attributes[1:]

    def onwards(found: Any) -> Any:
        return _follow(found, rest, perspective, show, field)

    relation = _relation(value, name)
    if relation is None:
        try:
            found = _attribute(value, name)
        except (AttributeError, KeyError):
            if field is None or (field.required and field.default is serializers.empty):
                raise
            return show(None if field.default is serializers.empty else field.get_default())
        return _seen(found, perspective, onwards)
    if relation.many_to_one or (relation.one_to_one and relation.concrete):
        key = getattr(value, relation.attname)
        return (
            onwards(None)
            if key is None
            else Deferred(onwards, need_for_code(relation.related_model, key))
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
    """Return the relation of `value` with this name if it leads to objects of one model, else None."""
    if not isinstance(value, Model):
        return None
    try:
        field = get_model_field(type(value), name)
    except FieldDoesNotExist:
        return None
    # To everything but the database, tags are plain text.
    is_followed = (
        field.is_relation and field.related_model and not isinstance(field, TaggableManager)
    )
    return field if is_followed else None


def _attribute(value: Any, name: str) -> Any:
    """Return the value of an attribute, method or key, as Django REST framework would."""
    try:
        found = value[name] if isinstance(value, Mapping) else getattr(value, name)
        return found() if is_simple_callable(found) else found
    except ObjectDoesNotExist:
        return None


def _seen(found: Any, perspective: Perspective, onwards: Show) -> Any:
    """Return what `onwards` makes of `found`, without the objects in it that are not visible.

    A single object that is not visible becomes None; a list leaves it out.
    """
    if isinstance(found, Manager | QuerySet):
        found = list(found.all())
    several = found if isinstance(found, list | tuple) else [found]
    needs = [
        need_for_code(type(one), one.pk) for one in several if _may_be_private(one, perspective)
    ]
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
