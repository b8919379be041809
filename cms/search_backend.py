"""The search of the delivery API, with another way to find what somebody types in the admin.

Wherever the admin has a search, in listings, choosers and bulk actions, Wagtail asks the backend to `autocomplete`,
which by itself finds the beginnings of words in titles.
"""

from typing import Any

from django.db.models import Case, Count, F, QuerySet, Value, When
from wagtail.search import query as queries
from wagtail.search.backends.base import BaseSearchResults

from cms.admin_search import matching, named
from cms.searched_text import is_kept, keep
from frontend_api.changes import search_backend
from frontend_api.introspection import Page

LOGS_ITS_INDEX = search_backend.LOGS_ITS_INDEX


def SearchBackend(parameters: dict[str, Any]) -> Any:
    """Return the backend of the delivery API, in which `autocomplete` finds words anywhere."""
    backend: Any = search_backend.SearchBackend(parameters)

    class Index(backend.index_class):
        """Keeps what the admin searches through as well, where `update_index` writes the index anew."""

        def add_items(self, model: Any, objs: Any) -> None:
            """Add or update objects."""
            objs = list(objs)
            if is_kept(model):
                for instance in objs:
                    keep(instance)
            super().add_items(model, objs)

    def autocomplete(
        query: Any,
        model_or_queryset: Any,
        fields: Any = None,
        operator: Any = None,
        order_by_relevance: bool = True,
    ) -> Found:
        """Return the objects in which each word of `query` is found."""
        queryset = (
            model_or_queryset
            if isinstance(model_or_queryset, QuerySet)
            else model_or_queryset.objects.all()
        )
        words = _words(query)
        found = matching(queryset, words)
        return Found(backend, _ordered(found, words) if order_by_relevance else found)

    backend.index_class = Index
    backend.autocomplete = autocomplete
    return backend


class Found(BaseSearchResults):
    """Objects in the database, as the admin expects what a search has found."""

    supports_facet = True

    def __init__(self, backend: Any, queryset: QuerySet, prefetch_related: Any = None) -> None:
        super().__init__(backend, None, prefetch_related)
        self.queryset = queryset
        self.model = queryset.model

    def facet(self, field_name: str) -> dict[Any, int]:
        """Return how many objects there are of each value of a field, the most frequent first."""
        values = self.queryset.order_by().values_list(field_name)
        counts = values.annotate(count=Count("pk")).order_by("-count", field_name)
        return dict(counts.values_list(field_name, "count"))

    def _clone(self) -> "Found":
        clone = type(self)(self.backend, self.queryset)
        clone.start, clone.stop = self.start, self.stop
        return clone

    def _do_search(self) -> QuerySet:
        return self.queryset[self.start : self.stop]

    def _do_count(self) -> int:
        return self._do_search().count()


def _ordered(found: QuerySet, words: str) -> QuerySet:
    """Put what is called by the words before what has them elsewhere, and pages by when they were last edited."""
    names = named(found.model, words)
    first = [] if names is None else [Case(When(pk__in=names, then=Value(0)), default=Value(1))]
    if issubclass(found.model, Page):
        edited = F("latest_revision_created_at").desc(nulls_last=True)
        return found.order_by(*first, edited, "-pk")
    return found.order_by(*first, *found.query.order_by, *found.model._meta.ordering, "pk")


def _words(query: Any) -> str:
    """Return the words of a search, which may be a text or what Wagtail has made of one."""
    if isinstance(query, queries.And | queries.Or):
        return " ".join(map(_words, query.subqueries))
    if isinstance(query, queries.Boost):
        return _words(query.subquery)
    return query if isinstance(query, str) else getattr(query, "query_string", "")
