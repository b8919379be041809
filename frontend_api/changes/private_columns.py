"""What the admin notes down on a page for itself: columns whose changes the log takes for none.

An editor's work changes them all the time, and no reader is shown them, unless a page type says in its `api_fields`
that they are. What else reads one of them is not kept: `caching.attributes` hears a property do so, and `caching.sql` a
query.
"""

from typing import Any

from django.db.models import Model
from wagtail.models import Page

_NAMES = frozenset(
    {
        "draft_title",
        "expired",
        "go_live_at",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
        "owner",
    }
)
# The tree counts children by SQL of its own, which tells nobody of it.
_NEVER_HEARD = frozenset({"numchild"})
# By these a page type says what it shows.
_DECLARATIONS = ("api_fields", "api_teaser_fields", "api_meta_fields")


def fields() -> list[Any]:
    """Return the fields of pages that are private where no page type says otherwise."""
    return [field for field in Page._meta.concrete_fields if field.name in _NAMES]


def private_columns(model: type[Model]) -> frozenset[str]:
    """Return the columns of `model` whose changes are not logged: none but those of pages."""
    if not issubclass(model, Page):
        return frozenset()
    shown = {
        name
        for attribute in _DECLARATIONS
        for item in getattr(model, attribute, ())
        for name in _names(item)
    } - _NEVER_HEARD
    return frozenset(field.column for field in fields() if not {field.name, field.attname} & shown)


def _names(item: Any) -> list[str]:
    """Return what one declaration may read: the field that it names, and the source of its serialiser."""
    name: str = getattr(item, "name", item)
    source: str = getattr(getattr(item, "serializer", None), "source", None) or name
    return [name, source.partition(".")[0]]
