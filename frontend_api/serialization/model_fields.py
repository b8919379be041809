"""How the value of each kind of model field becomes JSON.

`renderer` is asked once for a model, a field and what `fields=` says of it; the function that it returns is then
called for every object.
"""

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Manager, Model, QuerySet
from rest_framework import serializers
from taggit.managers import TaggableManager
from wagtail.api import APIField
from wagtail.api.conf import get_model_field
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model

from frontend_api.openapi.json_schema import Schema, Untyped, array, nullable
from frontend_api.visibility.perspective import Perspective

from . import drf_fields
from .blocks import stream
from .nested import Level, check_selection, object_json
from .relations import (
    Renderer,
    chosen,
    chosen_image,
    relation_renderer,
    visible_ones,
    with_children,
)
from .rich_text import rich_text
from .selection import Selection, refuse_nested
from .tags import tags_renderer

if TYPE_CHECKING:
    from frontend_api.openapi.components import Components


class RepresentedField(serializers.Field):
    """A field with a form of its own, for `APIField("name", serializer=…)`.

    Wagtail takes it for a field of Django REST framework, which it is; here it is asked to `represent`, where it may
    defer what it needs from the database.
    """

    def __init__(self) -> None:
        super().__init__(read_only=True)

    def target(self, model: type[Model], name: str) -> type[Model] | None:
        """Return the model of what the field `name` of `model` nests, or None where it nests nothing."""
        return None

    def represent(
        self, instance: Any, name: str, perspective: Perspective, selection: Selection, level: Level
    ) -> Any:
        """Return the form of the field `name` of `instance`."""
        raise NotImplementedError

    def json_schema(
        self, model: type[Model], name: str, components: "Components", level: Level
    ) -> Schema:
        """Return the type of what `represent` returns, made of the parts in `schema.json_schema`.

        `components.of(model, level)` is the type of an object as it stands here; `components.link()`, `image()` and
        their like are those of what is the same everywhere.
        """
        raise Untyped(f"{type(self).__name__} has no json_schema")


class Chosen(RepresentedField):
    """An ordered choice of several: for each inline child, the page or object that its `chooser` field chooses.

    `APIField("partners", serializer=Chosen("partner"))` gives `[{"id": 1, "name": "INTERPOL", …}, …]`. What may not
    be seen is left out.
    """

    def __init__(self, chooser: str) -> None:
        super().__init__()
        self.chooser = chooser

    def target(self, model: type[Model], name: str) -> type[Model]:
        """Return the model of what is chosen."""
        chooser: Any = get_model_field(model, name).related_model._meta.get_field(self.chooser)
        chosen_model: type[Model] = chooser.related_model
        return chosen_model

    def represent(
        self, instance: Any, name: str, perspective: Perspective, selection: Selection, level: Level
    ) -> Any:
        relation = get_model_field(type(instance), name)
        chooser = relation.related_model._meta.get_field(self.chooser)

        is_public = not perspective.has_privacy(chooser.related_model)

        def choices(children: list[Any]) -> Any:
            if is_public and all(map(chooser.is_cached, children)):
                objects = [getattr(child, chooser.name) for child in children]
                return [object_json(obj, perspective, selection, level) for obj in objects if obj]
            keys = [getattr(child, chooser.attname) for child in children]
            return visible_ones(
                chosen(chooser.related_model, key, perspective, selection, level) for key in keys
            )

        along = chooser.name if is_public else ""
        return with_children(instance, name, perspective, choices, along)

    def json_schema(
        self, model: type[Model], name: str, components: "Components", level: Level
    ) -> Schema:
        """Return the type of a list of what is chosen."""
        return array(components.of(self.target(model, name), level))


class ImageFor(RepresentedField):
    """A chosen image in one of the uses of the setting `IMAGE_USES`: `APIField("image", serializer=ImageFor("hero"))`.

    In `api_teaser_fields` the same field can name another use.
    """

    def __init__(self, use: str) -> None:
        super().__init__()
        self.use = use

    def target(self, model: type[Model], name: str) -> type[Model]:
        """Return the model of images."""
        return get_image_model()

    def represent(
        self, instance: Any, name: str, perspective: Perspective, selection: Selection, level: Level
    ) -> Any:
        """Return the image that the field chooses."""
        key = getattr(instance, get_model_field(type(instance), name).attname)
        return chosen_image(key, self.use, selection)

    def json_schema(
        self, model: type[Model], name: str, components: "Components", level: Level
    ) -> Schema:
        """Return the type of an image, or of none."""
        return nullable(components.image())


def renderer(model: type[Model], field: APIField, selection: Selection, level: Level) -> Renderer:
    """Return the function that gives the JSON of a field of `model`.

    Raises a bad-parameter problem when `selection` says of what the field nests something that cannot be.
    """
    name, below = field.name, level.below()
    target = nested_model(model, field)
    if target is None:
        refuse_nested(name, selection)
    elif selection:
        check_selection(target, selection, below)
    if isinstance(field.serializer, RepresentedField):
        own = field.serializer
        return lambda obj, perspective: own.represent(obj, name, perspective, selection, below)
    if field.serializer is not None:
        return drf_fields.renderer(field)
    try:
        django_field = get_model_field(model, name)
    except FieldDoesNotExist:
        return lambda obj, perspective: to_json(_attribute(obj, name), perspective, below)
    if isinstance(django_field, TaggableManager):
        return tags_renderer(model, name)
    if django_field.is_relation:
        return relation_renderer(name, django_field, selection, level)
    if isinstance(django_field, StreamField):
        return lambda obj, perspective: stream(getattr(obj, name), perspective)
    if isinstance(django_field, RichTextField):
        return lambda obj, perspective: rich_text(getattr(obj, name), perspective)
    return lambda obj, perspective: to_json(getattr(obj, name), perspective, below)


def nested_model(model: type[Model], field: APIField) -> type[Model] | None:
    """Return the model of what a field of `model` nests, or None where it nests nothing that has fields."""
    if isinstance(field.serializer, RepresentedField):
        return field.serializer.target(model, field.name)
    if field.serializer is not None:
        return None
    try:
        django_field = get_model_field(model, field.name)
    except FieldDoesNotExist:
        return None
    if not django_field.is_relation or isinstance(django_field, TaggableManager):
        return None
    target: type[Model] | None = django_field.related_model
    return target


def is_terminal(model: type[Model]) -> bool:
    """Tell whether `model` is of images or documents, which nest nothing in turn."""
    return issubclass(model, get_image_model() | get_document_model())


def to_json(value: Any, perspective: Perspective, level: Level) -> Any:
    """Return the JSON of a plain value, or of the objects that a property or method gives."""
    if isinstance(value, Model):
        return chosen(type(value), value.pk, perspective, (), level)
    if isinstance(value, QuerySet | Manager):
        return to_json(list(value.all()), perspective, level)
    if isinstance(value, list | tuple):
        if value and all(isinstance(item, Model) for item in value):
            return visible_ones(to_json(item, perspective, level) for item in value)
        return [to_json(item, perspective, level) for item in value]
    if isinstance(value, dict):
        return {name: to_json(item, perspective, level) for name, item in value.items()}
    if isinstance(value, datetime.datetime):
        return time_json(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, models.fields.files.FieldFile):
        return value.url if value else None
    return value


def time_json(value: datetime.datetime) -> str:
    """Return a time in UTC, such as `2024-05-01T08:00:00.250Z`.

    It is to the millisecond: drafts keep no more, so that publishing would otherwise change the times of a page.
    """
    value = value.astimezone(datetime.UTC).replace(microsecond=value.microsecond // 1000 * 1000)
    precision = "milliseconds" if value.microsecond else "seconds"
    return value.isoformat(timespec=precision).replace("+00:00", "Z")


def _attribute(obj: Any, name: str) -> Any:
    value = getattr(obj, name)
    return value() if callable(value) and not isinstance(value, Manager) else value
