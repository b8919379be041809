"""Lists the columns of pages that the admin keeps for itself, whose changes are not logged.

Editing changes them all the time, and readers never see them unless a page type declares so, such as in its
`api_fields`. Any other response that reads one of them is not cached: `dependencies.attributes` notices when a
property does, and `dependencies.sql_analysis` when a query does.
"""

from typing import Any

from django.db.models import Model

from frontend_api.introspection import Page

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
# The page tree updates it with its own SQL, without a signal, so that its changes can never be logged.
_NEVER_HEARD = frozenset({"numchild"})
# The attributes in which a page type declares what it shows.
_DECLARATIONS = ("api_fields", "api_teaser_fields", "api_meta_fields")


def fields() -> list[Any]:
    """Return the fields of `Page` that are private unless a page type declares that it shows them."""
    return [field for field in Page._meta.concrete_fields if field.name in _NAMES]


def private_columns(model: type[Model]) -> frozenset[str]:
    """Return the columns of `model` whose changes are not logged; only pages have any."""
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
    """Return the names that one declaration may read: its own, and that of its serialiser's source."""
    name: str = getattr(item, "name", item)
    source: str = getattr(getattr(item, "serializer", None), "source", None) or name
    return [name, source.partition(".")[0]]
