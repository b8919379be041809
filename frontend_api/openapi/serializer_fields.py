"""Schemas of Django REST framework's own fields, for `APIField("name", serializer=…)` as Wagtail documents it."""

from typing import Any

from django.db.models import Model
from rest_framework import serializers

from frontend_api.serialization.json_schema import (
    BOOLEAN,
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
    record,
)

from .annotations import returned
from .components import Components

# The first match counts, so a subclass comes before its base class.
PLAIN: tuple[tuple[type[Any], Schema], ...] = (
    (serializers.BooleanField, BOOLEAN),
    (serializers.IntegerField, INTEGER),
    (serializers.FloatField, NUMBER),
    (serializers.UUIDField, UUID),
    (serializers.DateTimeField, DATE_TIME),
    (serializers.DateField, DATE),
    (serializers.TimeField, STRING),
    (serializers.CharField, STRING),
    (serializers.IPAddressField, STRING),
    (serializers.StringRelatedField, STRING),
    (serializers.SlugRelatedField, STRING),
)


def of_serializer(field: Any, model: type[Model], components: Components) -> Schema:
    """Return the schema of a serialiser field's value, which is null if its source has none.

    Raises `Untyped` if the field's type is unknown.
    """
    if hasattr(field, "json_schema"):
        schema: Schema = field.json_schema(components)
    else:
        schema = _of(field, model, components)
    return nullable(schema)


def _of(field: Any, model: type[Model], components: Components) -> Schema:
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        return array(of_serializer(field.child, model, components))
    if isinstance(field, serializers.BaseSerializer):
        if not isinstance(field, serializers.Serializer):
            raise Untyped(f"{type(field).__name__} does not say what it gives")
        return record(
            {name: of_serializer(one, model, components) for name, one in field.fields.items()}
        )
    if isinstance(field, serializers.ChoiceField):
        return one_of_values(list(field.choices))
    for kind, schema in PLAIN:
        # A subclass that returns something else says so in its return annotation.
        if isinstance(field, kind) and (
            type(field).to_representation is kind.to_representation
            or "return" not in getattr(type(field).to_representation, "__annotations__", {})
        ):
            return schema
    return returned(type(field).to_representation, components.of)
