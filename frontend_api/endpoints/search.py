"""The `search` parameter: Wagtail's own search, within what the request may see and has filtered."""

import re
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from wagtail.search.backends import get_search_backend

from frontend_api.errors import bad_parameter

LONGEST = 200
_WORD = re.compile(r"\w+")


def search(queryset: QuerySet[Any], query: QueryDict) -> Any:
    """Return what of `queryset` matches the request's `search`, best first unless the request asks for an order."""
    text = str(query["search"])
    if len(text) > LONGEST:
        raise bad_parameter(
            "search", f"search is {len(text)} characters long; the most is {LONGEST}."
        )
    operator = query.get("search_operator", "and")
    if operator not in {"and", "or"}:
        raise bad_parameter(
            "search_operator", f"search_operator is '{operator[:40]}'; it must be 'and' or 'or'."
        )
    if queryset.query.is_sliced or queryset.query.order_by == ("?",):
        raise bad_parameter("order", "order=random cannot be combined with search.")
    # The databases' own query languages have signs of their own, which not every search backend takes for text.
    words = " ".join(_WORD.findall(text))
    if not words:
        return queryset.none()
    # The search refuses filters on fields outside its index. A subquery keeps every filter, privacy first of all,
    # and shows the search nothing but primary keys.
    within = queryset.model._default_manager.filter(pk__in=queryset.order_by().values("pk"))
    if "order" in query:
        within = within.order_by(*queryset.query.order_by)
    return get_search_backend().search(
        words, within, operator=operator, order_by_relevance="order" not in query
    )
