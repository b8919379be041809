"""Fields of Django REST framework as JSON, for `APIField("name", serializer=…)` as Wagtail documents it.

Such a field goes from object to object by itself, and would show whatever it comes to. Here its way (`source`, the
`slug_field` of a `SlugRelatedField`, the fields of a serialiser in it) is gone for it, by the loaders that everything
else is fetched by: what may not be seen ends the way, and a list goes without it. Where a serialiser makes its JSON
itself, its fields are given what they ask for one by one, which is as safe and takes more queries.

What the code of a field or serialiser does with an object that it is given is its own affair: it gets none that may not
be seen, and what it reads of that one it shows.
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

from frontend_api.visibility.perspective import Perspective

from .deferred import Deferred, build_at_once
from .loaders import need_of
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
    return _given(
        field,
        obj,
        perspective,
        lambda value: None if value is None else _shown(field, value, perspective),
    )


# How Django REST framework's own fields come to their values.
_OWN_WAYS = {
    serializers.Field.get_attribute,
    serializers.RelatedField.get_attribute,
    serializers.ManyRelatedField.get_attribute,
}


def _given(field: Any, obj: Any, perspective: Perspective, show: Show) -> Any:
    """Return what `show` makes of what a bound field is given of an object."""
    if type(field).get_attribute in _OWN_WAYS:
        return _follow(obj, list(field.source_attrs), perspective, show, field)
    # It fetches its value itself, such as the whole object.
    return _seen(type(field).get_attribute(field, obj), perspective, show)


def _shown(field: Any, value: Any, perspective: Perspective) -> Any:
    """Return what a field makes of its value, of which it is known that it may be seen."""
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
    """Let the fields of a serialiser that makes its JSON itself be given nothing that may not be seen."""
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
    """Go from `value` along `attributes`, and return what `show` makes of what is at the end, or of None.

    Where there is no such attribute, a `field` may say what is in its place.
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
            else Deferred(onwards, need_of(relation.related_model, key))
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
    needs = [need_of(type(one), one.pk) for one in several if _may_be_private(one, perspective)]
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
