"""What has been drafted of an object and not been published: the content of its latest revision, elsewhere."""

from collections.abc import Callable
from typing import Any

from modelcluster.models import get_all_child_relations

from .references import Swap, swapped
from .shape import OF_DRAFTS, chain, columns, parts

OF_ROWS = OF_DRAFTS | {
    "alias_of",
    "content_type",
    "expired",
    "first_published_at",
    "last_published_at",
    "live",
    "locale",
    "translation_key",
}
"""What an object has whatever is drafted of it."""

Relate = Callable[[Any, Any], Any]
"""Returns what names an object of a model in the other place, or None if there is none."""


def draft_of(instance: Any) -> dict[str, Any] | None:
    """Return what is drafted of an object, if that is not what is published."""
    if not getattr(instance, "has_unpublished_changes", False):
        return None
    revision = getattr(instance, "latest_revision", None)
    content: dict[str, Any] | None = revision and revision.content
    return content


def carried(
    model: Any, content: dict[str, Any], swap: Swap, relate: Relate, *, but: str = ""
) -> dict[str, Any] | None:
    """Return of a draft what has a meaning elsewhere, under the keys that things have there.

    None is for a part that has to name what is not there.
    """
    found: dict[str, Any] = {}
    for one in (one for part in chain(model) for one in columns(part, but=but)):
        if one.name not in content or one.name in OF_ROWS:
            continue
        value = content[one.name]
        if one.is_relation:
            value = None if value is None else relate(one.related_model, value)
            if value is None and not one.null:
                return None
        found[one.name] = swapped(one, value, swap)
    for one in model._meta.many_to_many:
        if isinstance(content.get(one.name), list):
            named = [relate(one.related_model, key) for key in content[one.name]]
            found[one.name] = [key for key in named if key is not None]
    of_model = {part.model for one in chain(model) for part in parts(one)}
    for relation in get_all_child_relations(model):
        name, part = relation.get_accessor_name(), relation.related_model
        if name in content and part in of_model:
            rows = [
                carried(part, row, swap, relate, but=relation.field.column) for row in content[name]
            ]
            # Each is made anew when the draft is published.
            found[name] = [{"pk": None, **row} for row in rows if row is not None]
    return found


def save_draft(instance: Any, content: dict[str, Any]) -> bool:
    """Have an object drafted like this, unless it is already; return whether it was not."""
    here = draft_of(instance)
    if here is not None and carried(type(instance), here, _same, _same) == content:
        return False
    whole = {**instance.serializable_data(), **content}
    # What is drafted need not be complete.
    instance.with_content_json(whole).save_revision(clean=False)
    return True


def _same(model: Any, key: Any) -> Any:
    return key
