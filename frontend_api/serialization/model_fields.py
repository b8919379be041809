"""Turns the values of model fields into JSON, each kind of field in its own way.

`renderer` is called once for a model, a field and what `fields=` selects below it; the function that it returns is
then called for every object.
"""

import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Manager, Model, QuerySet
from taggit.managers import TaggableManager
from wagtail.api import APIField
from wagtail.api.conf import get_model_field
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model

from . import drf_fields
from .blocks import stream
from .fields import RepresentedField
from .nested import Level
from .relations import Renderer, chosen, relation_renderer, visible_ones
from .rich_text import rich_text
from .selection import Selection
from .tags import tags_renderer


def renderer(model: type[Model], field: APIField, selection: Selection, level: Level) -> Renderer:
    """Return the function that gives the JSON of a field of `model`; its nested objects show `selection`."""
    name, below = field.name, level.below()
    if isinstance(field.serializer, RepresentedField):
        own = field.serializer
        return lambda obj, perspective: own.represent(obj, name, perspective, selection, below)
    if field.serializer is not None:
        return drf_fields.renderer(field)
    try:
        django_field = get_model_field(model, name)
    except FieldDoesNotExist:
        return lambda obj, perspective: to_json(_attribute(obj, name), below)
    if isinstance(django_field, TaggableManager):
        return tags_renderer(model, name)
    if django_field.is_relation:
        return relation_renderer(name, django_field, selection, level)
    if isinstance(django_field, StreamField):
        return lambda obj, perspective: stream(getattr(obj, name), perspective)
    if isinstance(django_field, RichTextField):
        return lambda obj, perspective: rich_text(getattr(obj, name), perspective)
    return lambda obj, perspective: to_json(getattr(obj, name), below)


def nested_model(model: type[Model], field: APIField) -> type[Model] | None:
    """Return the model of the objects that a field of `model` nests, or None if it nests nothing that has fields."""
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
    """Return whether `model` is the image or document model, whose objects nest nothing in turn."""
    return issubclass(model, get_image_model() | get_document_model())


def to_json(value: Any, level: Level) -> Any:
    """Return the JSON of a plain value, or of the objects that a property or method returns; these stand at `level`."""
    if isinstance(value, Model):
        return chosen(type(value), value.pk, level=level)
    if isinstance(value, QuerySet | Manager):
        return to_json(list(value.all()), level)
    if isinstance(value, list | tuple):
        if value and all(isinstance(item, Model) for item in value):
            return visible_ones(to_json(item, level) for item in value)
        return [to_json(item, level) for item in value]
    if isinstance(value, dict):
        return {name: to_json(item, level) for name, item in value.items()}
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

    It is precise to the millisecond because drafts store no more; otherwise publishing would change a page's times.
    """
    value = value.astimezone(datetime.UTC).replace(microsecond=value.microsecond // 1000 * 1000)
    precision = "milliseconds" if value.microsecond else "seconds"
    return value.isoformat(timespec=precision).replace("+00:00", "Z")


def _attribute(obj: Any, name: str) -> Any:
    value = getattr(obj, name)
    return value() if callable(value) and not isinstance(value, Manager) else value
