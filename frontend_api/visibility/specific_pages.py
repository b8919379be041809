"""Fetches pages as their specific types in one query, however many types there are.

Wagtail's `specific()` runs one query for the pages, and another for each type. Here the tables of all types are
joined to that of the pages by primary key, and each page is made from the columns of its own type.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from wagtail.models import Locale

from frontend_api.dependencies.bounded import size_of
from frontend_api.introspection import Page, page_types

from .compiled_query import CompiledQuery, attributes, made_of

# With more types than this, which few sites have, `specific()` is used: SQLite joins at most 64 tables.
MOST_TYPES = 40


class CompiledPageQuery:
    """A queryset of pages, compiled to SQL, that makes each page as its specific type and with its locale."""

    def __init__(self, pages: QuerySet[Any]) -> None:
        model = pages.model
        columns = [f"locale__{attribute}" for attribute in attributes(Locale)]
        # Where in a row the values of each type are; columns that types share are fetched once.
        self.places: dict[type[Page], tuple[int, ...]] = {}
        at: dict[Any, int] = {}
        for subtype in (model, *page_types(model)):
            for field in subtype._meta.concrete_fields:
                if field not in at:
                    at[field] = len(columns)
                    columns.append(_path(model, field))
            self.places[subtype] = tuple(at[field] for field in subtype._meta.concrete_fields)
        self.model = model
        self.content_type = at[model._meta.get_field("content_type")]
        self.compiled = CompiledQuery(pages.values_list(*columns))

    def __sizeof__(self) -> int:
        """Return the size in bytes, including the query."""
        return object.__sizeof__(self) + size_of(self.places) + size_of(self.compiled)

    def fetch(self, **filled: Any) -> list[Page]:
        """Return the pages for these values of the parameters."""
        return [self._page(row) for row in self.compiled.rows(**filled)]

    def _page(self, row: Sequence[Any]) -> Page:
        # This runs no query: Django caches content types in memory.
        own_type: Any = ContentType.objects.get_for_id(row[self.content_type]).model_class()
        # A page whose type is gone from the code is shown with what is left of it.
        model: Any = own_type if own_type in self.places else self.model
        values = self.compiled.converted(row, self.places[model])
        page: Any = model.from_db(DEFAULT_DB_ALIAS, attributes(model), values)
        page.locale, _ = made_of(Locale, self.compiled, row, 0)
        return page


def _path(model: type[Page], field: Any) -> str:
    """Return the lookup by which a query for `model` reaches a field of one of its subtypes."""
    if issubclass(model, field.model):
        return str(field.attname)
    steps = []
    child = field.model
    for parent in child._meta.get_base_chain(model):
        steps.append(_link(child, parent).related_query_name())
        child = parent
    return "__".join([*reversed(steps), field.attname])


def _link(child: Any, parent: Any) -> Any:
    """Return the parent link of the page type `child` to `parent`, the type that it extends.

    For a type with several abstract page bases, `_meta.parents` may have the link of one of those instead.
    """
    own = (
        field
        for field in child._meta.local_fields
        if field.remote_field and field.remote_field.parent_link and field.related_model is parent
    )
    return next(own)
