"""The `search` parameter: a search limited to the objects that the request may see and its filters keep.

Where the project keeps Wagtail's index in the database, `frontend_api.search` finds them; another engine, such as
Elasticsearch, is asked itself.
"""

import re
from contextlib import nullcontext
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from wagtail.search.backends import get_search_backend

from frontend_api import conf
from frontend_api.changes.search_backend import logs_its_index
from frontend_api.changes.search_text import composed
from frontend_api.dependencies.tracker import current
from frontend_api.errors import bad_parameter
from frontend_api.search.contents import kind_of
from frontend_api.search.queries import Search
from frontend_api.search.ranking import Ranked

_WORD = re.compile(r"\w+")


def searched(queryset: QuerySet[Any], query: QueryDict) -> Any:
    """Return the objects in `queryset` that the request searches for, or all where it searches for nothing.

    Raises `BadParameters` for an operator other than the default one without a search.
    """
    if "search" in query:
        return _search(queryset, query)
    if query.get("search_operator", "and") != "and":
        raise bad_parameter("search_operator", "search_operator goes with search.")
    return queryset


def _search(queryset: QuerySet[Any], query: QueryDict) -> Any:
    """Return the objects in `queryset` that match `search`, best match first unless the request gives an order.

    Raises `BadParameters` for a search that is switched off, an unknown operator, or `order=random`.
    """
    if not conf.search_enabled():
        raise bad_parameter("search", "search is switched off here.")
    text = str(query["search"])
    operator = query.get("search_operator", "and")
    if operator not in {"and", "or"}:
        raise bad_parameter(
            "search_operator", f"search_operator is '{operator[:40]}'; it must be 'and' or 'or'."
        )
    if queryset.query.is_sliced or queryset.query.order_by == ("?",):
        raise bad_parameter("order", "order=random cannot be combined with search.")
    if kind_of(queryset.model) and logs_its_index(get_search_backend()):
        return _found(queryset, Search(text, operator), is_ordered="order" in query)
    return _found_by_backend(queryset, query, text, operator)


def _found(queryset: QuerySet[Any], search: Search, *, is_ordered: bool) -> Any:
    """Return what is found, in the order that the request asks for, or best first."""
    if not search.terms:
        return queryset.none()
    dependencies = current()
    with dependencies.tracking_selection() if dependencies else nullcontext():
        total = search.narrow(queryset).count()
        if not total:
            search = search.forgiving()
            total = search.narrow(queryset).count()
    return search.narrow(queryset) if is_ordered else Ranked(queryset, search, total)


def _found_by_backend(queryset: QuerySet[Any], query: QueryDict, text: str, operator: str) -> Any:
    """Return what the project's own search backend finds, as Wagtail's v2 API does."""
    # Only words: the databases' query languages have operators, which not every search backend escapes.
    words = " ".join(_WORD.findall(composed(text)))
    if not words:
        return queryset.none()
    # Wagtail's search refuses filters on fields outside its index. A subquery keeps every filter, above all those for
    # privacy, and the search only sees a filter on the primary key.
    within = queryset.model._default_manager.filter(pk__in=queryset.order_by().values("pk"))
    if "order" in query:
        within = within.order_by(*queryset.query.order_by)
    backend = get_search_backend()
    dependencies = current()
    if dependencies and not logs_its_index(backend):
        dependencies.never_cache("Nothing is heard of changes of the search index.")
    return backend.search(words, within, operator=operator, order_by_relevance="order" not in query)
