"""The tags of objects as JSON: their names, in the order of their letters."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, ForeignKey, Model, QuerySet
from modelcluster.fields import ParentalKey
from wagtail.api.conf import get_model_field

from frontend_api.visibility.perspective import Perspective

from .deferred import Deferred
from .loaders import Objects
from .relations import Renderer


@dataclass(frozen=True)
class Tags:
    """Fetches the names of the tags that objects of `model` have under `name`, by primary key."""

    model: type[Model]
    name: str = "tags"

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, list[str]]:
        """Return the names for each key."""
        through: Any = get_model_field(self.model, self.name).remote_field.through
        owner, among = _owner(through, self.model, keys)
        is_part = isinstance(through._meta.get_field(owner), ParentalKey)
        dependencies = perspective.dependencies
        found: dict[Any, list[str]] = {key: [] for key in keys}
        by_text = {str(key): key for key in keys}
        # The tag of a page is a part of the page; those of others are rows that nobody owns.
        with dependencies.untracked() if is_part else nullcontext():
            rows = through._default_manager.filter(**among).order_by("tag__name", "pk")
            for key, tag, name in rows.values_list(owner, "tag_id", "tag__name"):
                found[by_text[str(key)]].append(name)
                dependencies.add_objects(through._meta.get_field("tag").related_model, [tag])
        dependencies.add_objects(self.model, keys)
        return {key: sorted(names) for key, names in found.items()}


def _owner(through: Any, model: type[Model], keys: set[Any]) -> tuple[str, dict[str, Any]]:
    """Return the column that says whose a tag is, and the filter for those of some objects."""
    key: Any = through._meta.get_field("content_object")
    if isinstance(key, ForeignKey):
        return key.attname, {f"{key.attname}__in": list(keys)}
    # One table for the tags of all models.
    kind = ContentType.objects.get_for_model(model)
    return "object_id", {"object_id__in": list(keys), "content_type": kind}


def having_all(objects: QuerySet[Any], names: list[str]) -> QuerySet[Any]:
    """Return those of `objects` that have all of the tags with these names, which are different ones.

    One subquery counts the tags of each; a join for each tag is more than databases can do.
    """
    having = (
        objects.model._default_manager.filter(tags__name__in=names)
        .order_by()
        .values("pk")
        .annotate(tags_there=Count("tags__name", distinct=True))
        .filter(tags_there=len(names))
    )
    return objects.filter(pk__in=having.values("pk"))


def tags_renderer(model: type[Model], name: str) -> Renderer:
    """Return the function that gives the tags of an object of `model`."""
    through: Any = get_model_field(model, name).remote_field.through
    owner = through._meta.get_field("content_object")
    # A draft holds the tags that are parts of it; those of others are in the database alone.
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
