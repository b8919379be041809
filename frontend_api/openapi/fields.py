"""Schemas of declared fields, by the same tests in the same order as in `serialization.model_fields`."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Model
from taggit.managers import TaggableManager
from wagtail.api import APIField
from wagtail.api.conf import get_model_field
from wagtail.fields import RichTextField, StreamField

from frontend_api.introspection import leads_to_children
from frontend_api.serialization.fields import RepresentedField
from frontend_api.serialization.json_schema import (
    ANY,
    BOOLEAN,
    COUNT,
    DATE,
    DATE_TIME,
    INTEGER,
    NUMBER,
    STRING,
    UUID,
    Schema,
    Untyped,
    array,
    nullable,
    one_of_values,
)
from frontend_api.serialization.nested import Level

from . import blocks, serializer_fields
from .annotations import returned
from .components import Components, name_of

# The first match counts, so a subclass comes before its base class.
COLUMNS: tuple[tuple[type[Any], Schema], ...] = (
    (models.BooleanField, BOOLEAN),
    (models.AutoField, COUNT),
    (models.PositiveIntegerField, COUNT),
    (models.PositiveSmallIntegerField, COUNT),
    (models.PositiveBigIntegerField, COUNT),
    (models.IntegerField, INTEGER),
    (models.FloatField, NUMBER),
    (models.DecimalField, {**STRING, "format": "decimal"}),
    (models.DateTimeField, DATE_TIME),
    (models.DateField, DATE),
    (models.TimeField, STRING),
    (models.DurationField, STRING),
    (models.UUIDField, UUID),
    (models.CharField, STRING),
    (models.TextField, STRING),
    (models.GenericIPAddressField, STRING),
)


def of_field(model: type[Model], field: APIField, level: Level, components: Components) -> Schema:
    """Return the schema of a field that `model` declares, as shown at `level`; raises `Untyped` if unknown."""
    try:
        return _of_field(model, field, level, components)
    except Untyped as error:
        raise Untyped(f"{model.__name__}.{field.name}: {error}") from error


def _of_field(model: type[Model], field: APIField, level: Level, components: Components) -> Schema:
    name, below = field.name, level.below()
    if isinstance(field.serializer, RepresentedField):
        return field.serializer.json_schema(model, name, components, below)
    if field.serializer is not None:
        return serializer_fields.of_serializer(field.serializer, model, components)
    try:
        django_field = get_model_field(model, name)
    except FieldDoesNotExist:
        if _is_display(model, name):
            return STRING
        return returned(getattr(model, name, None), lambda given: components.of(given, below))
    if isinstance(django_field, TaggableManager):
        return array(STRING)
    if django_field.is_relation:
        return _of_relation(django_field, level, components)
    if isinstance(django_field, StreamField):
        own = f"{name_of(model)}{blocks.pascal(name)}"
        return blocks.of_stream(django_field.stream_block, own, components)
    if isinstance(django_field, RichTextField):
        return {**STRING, "description": "HTML."}
    return of_column(django_field)


def _is_display(model: type[Model], name: str) -> bool:
    """Return whether this is Django's `get_…_display` of a field with choices."""
    field = name.removeprefix("get_").removesuffix("_display")
    return name == f"get_{field}_display" and any(
        one.name == field and one.choices for one in model._meta.concrete_fields
    )


def of_column(field: Any) -> Schema:
    """Return the schema of a plain column; raises `Untyped` for an unknown kind of field."""
    if isinstance(field, models.FileField):
        return nullable(STRING)
    if isinstance(field, models.JSONField):
        return ANY
    if hasattr(field, "base_field"):
        # A list in a column, as PostgreSQL has it.
        listed = array(of_column(field.base_field))
        return nullable(listed) if field.null else listed
    schema = next((schema for kind, schema in COLUMNS if isinstance(field, kind)), None)
    if schema is None:
        raise Untyped(f"a {type(field).__name__} has no type of its own")
    if field.choices:
        schema = one_of_values(
            [value for value, _ in field.flatchoices] + ([""] if _may_be_empty(field) else [])
        )
    return nullable(schema) if field.null else schema


def _may_be_empty(field: Any) -> bool:
    # A choice that has not been made yet is an empty string, which drafts show.
    return isinstance(field, models.CharField | models.TextField)


def _of_relation(field: Any, level: Level, components: Components) -> Schema:
    below = level.below()
    if getattr(field, "related_model", None) is None:
        raise Untyped("it may name objects of any model")
    if field.many_to_one or (field.one_to_one and field.concrete):
        # The chosen object may have been deleted, unpublished or made private since.
        return nullable(components.of(field.related_model, below))
    of_its_own = leads_to_children(field)
    related = components.of(field.related_model, level if of_its_own else below)
    return nullable(related) if field.one_to_one else array(related)


def model_given(model: type[Model], name: str) -> type[Model] | None:
    """Return the model of the objects that a property or method returns, or None if it returns plain values.

    Also None for a model field. Raises `Untyped` without a usable return annotation.
    """
    try:
        get_model_field(model, name)
    except FieldDoesNotExist:
        given: list[type[Model]] = []

        def note(found: type[Model]) -> Schema:
            given.append(found)
            return STRING

        returned(getattr(model, name, None), note)
        return given[0] if given else None
    return None
