"""Pages as their own types in one query, however many types there are.

Wagtail's `specific()` asks what the pages are, and then once more for each type. Here the tables of all types are
joined to that of the pages, by primary key, and each page finds its row in one of them.
"""

from functools import cache, reduce
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page, get_page_models


@cache
def _relations(model: type[Page]) -> dict[type[Page], list[str]]:
    """Return, for each subtype of `model`, the names of the relations that lead down to it."""
    return {
        subtype: [step.join_field.name for step in subtype._meta.get_path_from_parent(model)]
        for subtype in get_page_models()
        if issubclass(subtype, model) and subtype is not model
    }


def with_types(pages: QuerySet) -> QuerySet:
    """Return `pages` with all that `specific` needs fetched along."""
    relations = ["__".join(steps) for steps in _relations(pages.model).values()]
    return pages.select_related("locale", *relations)


def specific(page: Any) -> Page:
    """Return a page of `with_types` as its own type, or as it is when the code no longer has that type."""
    steps = _relations(type(page)).get(page.specific_class)
    if not steps:
        return page
    found: Page = reduce(getattr, steps, page)
    found.locale = page.locale
    return found
