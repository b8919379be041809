"""Serialiser fields for `APIField("name", serializer=…)` that content apps can use and subclass."""

from typing import Any

from django.db.models import Model
from rest_framework import serializers
from wagtail.api.conf import get_model_field
from wagtail.images import get_image_model

from frontend_api.visibility.perspective import Perspective

from .images import image_part
from .json_schema import Schema, Types, Untyped, array, nullable
from .nested import Level, Nested
from .relations import chosen, visible_ones, with_children
from .selection import Selection


class RepresentedField(serializers.Field):  # type: ignore[type-arg]
    """A field that makes its own JSON, for `APIField("name", serializer=…)`.

    To Wagtail it is a Django REST framework field like any other. This API calls its `represent` instead, which may
    return `Deferred` parts for what it needs from the database.
    """

    def __init__(self) -> None:
        super().__init__(read_only=True)

    def target(self, model: type[Model], name: str) -> type[Model] | None:
        """Return the model of the objects that the field `name` of `model` nests, or None if it nests none."""
        return None

    def represent(
        self, instance: Any, name: str, perspective: Perspective, selection: Selection, level: Level
    ) -> Any:
        """Return the JSON of the field `name` of `instance`; nested objects are shown at `level`."""
        raise NotImplementedError

    def json_schema(self, model: type[Model], name: str, types: Types, level: Level) -> Schema:
        """Return the schema of what `represent` returns, built with the helpers in `json_schema`.

        `types.of(model, level)` is the type of a nested object; `types.link()`, `types.image()` and the like are the
        types of values that look the same everywhere. Raises `Untyped` unless overridden.
        """
        raise Untyped(f"{type(self).__name__} has no json_schema")


class Chosen(RepresentedField):
    """An ordered list of chosen objects: for each inline child, the page or object that its field `chooser` chooses.

    `APIField("partners", serializer=Chosen("partner"))` gives `[{"id": 1, "name": "INTERPOL", …}, …]`. Objects that
    are not visible are left out.
    """

    def __init__(self, chooser: str) -> None:
        super().__init__()
        self.chooser = chooser

    def target(self, model: type[Model], name: str) -> type[Model]:
        """Return the model of the chosen objects."""
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
                return [Nested(obj, selection, level) for obj in objects if obj]
            keys = [getattr(child, chooser.attname) for child in children]
            return visible_ones(
                chosen(chooser.related_model, key, selection, level) for key in keys
            )

        along = chooser.name if is_public else ""
        return with_children(instance, name, perspective, choices, along)

    def json_schema(self, model: type[Model], name: str, types: Types, level: Level) -> Schema:
        """Return the schema of a list of the chosen objects."""
        return array(types.of(self.target(model, name), level))


class ImageFor(RepresentedField):
    """A chosen image in one of the uses in the setting `IMAGE_USES`: `APIField("image", serializer=ImageFor("hero"))`.

    The same field can name another use in `api_teaser_fields`.
    """

    def __init__(self, use: str) -> None:
        super().__init__()
        self.use = use

    def target(self, model: type[Model], name: str) -> type[Model]:
        """Return the image model."""
        images: type[Model] = get_image_model()
        return images

    def represent(
        self, instance: Any, name: str, perspective: Perspective, selection: Selection, level: Level
    ) -> Any:
        """Return the JSON of the chosen image."""
        key = getattr(instance, get_model_field(type(instance), name).attname)
        return image_part(key, self.use, selection=selection)

    def json_schema(self, model: type[Model], name: str, types: Types, level: Level) -> Schema:
        """Return the schema of an image or null."""
        return nullable(types.image())
