"""Turns the tags of an object into JSON, as a sorted list of names."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey, Model
from modelcluster.fields import ParentalKey
from wagtail.api.conf import get_model_field

from frontend_api.visibility.perspective import Perspective

from .deferred import Deferred
from .loaders import Objects
from .relations import Renderer


@dataclass(frozen=True)
class Tags:
    """Fetches the names of the tags in the field `name` of objects of `model`, by the objects' primary keys."""

    model: type[Model]
    name: str = "tags"

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, list[str]]:
        """Return the sorted names for each key."""
        through: Any = get_model_field(self.model, self.name).remote_field.through
        owner, among = _owner(through, self.model, keys)
        is_part = isinstance(through._meta.get_field(owner), ParentalKey)
        dependencies = perspective.dependencies
        found: dict[Any, list[str]] = {key: [] for key in keys}
        by_text = {str(key): key for key in keys}
        # Tag rows with a ParentalKey are part of their object, which is recorded below; others stand alone.
        with dependencies.untracked() if is_part else nullcontext():
            rows = through._default_manager.filter(**among).order_by("tag__name", "pk")
            for key, tag, name in rows.values_list(owner, "tag_id", "tag__name"):
                found[by_text[str(key)]].append(name)
                dependencies.add_objects(through._meta.get_field("tag").related_model, [tag])
        dependencies.add_objects(self.model, keys)
        return {key: sorted(names) for key, names in found.items()}


def _owner(through: Any, model: type[Model], keys: set[Any]) -> tuple[str, dict[str, Any]]:
    """Return the column that says which object a tag belongs to, and the filter for the tags of `keys`."""
    key: Any = through._meta.get_field("content_object")
    if isinstance(key, ForeignKey):
        return key.attname, {f"{key.attname}__in": list(keys)}
    # The table holds the tags of all models.
    kind = ContentType.objects.get_for_model(model)
    return "object_id", {"object_id__in": list(keys), "content_type": kind}


def tags_renderer(model: type[Model], name: str) -> Renderer:
    """Return the function that gives the tag names in the field `name` of an object of `model`."""
    through: Any = get_model_field(model, name).remote_field.through
    owner = through._meta.get_field("content_object")
    # A draft holds the tags that are part of it in memory; other tags are only in the database.
    held_as = owner.remote_field.get_accessor_name() if isinstance(owner, ParentalKey) else ""
    tags = Objects(through._meta.get_field("tag").related_model)

    def render(obj: Any, perspective: Perspective) -> Any:
        if held_as and perspective.holds_in_memory(obj):
            keys = {item.tag_id for item in getattr(obj, held_as).all()}
            return Deferred(
                lambda *found: sorted(tag.name for tag in found if tag),
                *((tags, key) for key in keys),
            )
        if obj.pk is None:
            return []
        return Deferred(lambda names: names, (Tags(model, name), obj.pk))

    return render
