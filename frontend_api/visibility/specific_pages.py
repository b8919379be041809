"""Pages as their own types in one query, however many types there are.

Wagtail's `specific()` asks what the pages are, and then once more for each type. Here the tables of all types are
joined to that of the pages, by primary key, and each page is made of its row in one of them.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from wagtail.models import Locale, Page

from frontend_api.dependencies.bounded import size_of
from frontend_api.introspection import page_types

from .compiled_query import CompiledQuery, attributes, made_of

# SQLite joins 64 tables at most; with many more types than most sites have, Wagtail's own way is the better one.
MOST_TYPES = 40


class CompiledPageQuery:
    """A queryset of pages, each to be made as its own type and with its locale."""

    def __init__(self, pages: QuerySet[Any]) -> None:
        model = pages.model
        columns = [f"locale__{attribute}" for attribute in attributes(Locale)]
        # Where the value of each attribute of each type is in a row: what types share is fetched once.
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
        """Return how many bytes it takes, with its query."""
        return object.__sizeof__(self) + size_of(self.places) + size_of(self.compiled)

    def fetch(self, **filled: Any) -> list[Page]:
        """Return the pages that there are with these values in the holes of the queryset."""
        return [self._page(row) for row in self.compiled.rows(**filled)]

    def _page(self, row: Sequence[Any]) -> Page:
        # Django keeps content types in memory.
        own_type: Any = ContentType.objects.get_for_id(row[self.content_type]).model_class()
        # A page whose type the code no longer has is shown as what is left of it.
        model: Any = own_type if own_type in self.places else self.model
        values = self.compiled.converted(row, self.places[model])
        page: Any = model.from_db(DEFAULT_DB_ALIAS, attributes(model), values)
        page.locale, _ = made_of(Locale, self.compiled, row, 0)
        return page


def _path(model: type[Page], field: Any) -> str:
    """Return the name by which a query of `model` knows a field of one of its subtypes."""
    if issubclass(model, field.model):
        return str(field.attname)
    steps = []
    child = field.model
    for parent in child._meta.get_base_chain(model):
        steps.append(_link(child, parent).related_query_name())
        child = parent
    return "__".join([*reversed(steps), field.attname])


def _link(child: Any, parent: Any) -> Any:
    """Return the key by which rows of a page type point at those of the type that it builds on.

    Of a type with several abstract bases that are pages, `parents` may have a key of one of those instead.
    """
    own = (
        field
        for field in child._meta.local_fields
        if field.remote_field and field.remote_field.parent_link and field.related_model is parent
    )
    return next(own)
