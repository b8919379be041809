"""Pagination of listings: one slice of the objects found, and their total count."""

from collections.abc import Hashable
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

from frontend_api.dependencies.memo import facts
from frontend_api.dependencies.tracker import current
from frontend_api.visibility.perspective import Perspective

from . import parameters

DISPLAY_PARAMETERS = frozenset({"fields", "limit", "offset", "rich_text_format"})
LISTING_PARAMETERS = frozenset(
    {
        "fields",
        "limit",
        "offset",
        "order",
        "rich_text_format",
        "search",
        "search_operator",
        "site",
    }
)


class _Count(Subquery):
    """The number of rows in a queryset, as a subquery of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class ListingMixin:
    """Pages through an ordered queryset or search result; the viewset says how its items are represented."""

    request: Any
    perspective: Perspective

    def listing(self, items: Any, represent_all: Any) -> dict[str, Any]:
        """Return `{"meta": {"total_count": 42}, "items": […]}` for the requested slice of `items`.

        For the public, a remembered count is used; without one, the query for the slice counts too, where it can.
        """
        limit, offset = parameters.limit_and_offset(self.request.GET)
        dependencies, state = self.perspective.dependencies, self.perspective.state
        is_query = isinstance(items, QuerySet)
        # A reader of drafts may see more objects than the public, or fewer, so only the public's count is remembered.
        is_public = is_query and self.perspective.draft_overlay is None
        known = facts.recall(self._count_key, state) if is_public else None
        if limit and is_query and known is None:
            items = items.annotate(total_count=_Count(items.order_by().values("pk")))
        shown = self.perspective.listed(items[offset : offset + limit]) if limit else []
        if known is not None:
            dependencies.tags.update(known.validity.tags)
            dependencies.holds_until(known.validity.until)
            return {"meta": {"total_count": known.value}, "items": represent_all(shown)}
        total_count = getattr(shown[0], "total_count", None) if shown else None
        if total_count is None:
            with dependencies.tracking_selection():
                total_count = items.count()
        if is_public and current() is dependencies:
            facts.keep(self._count_key, total_count, state, dependencies)
        return {"meta": {"total_count": total_count}, "items": represent_all(shown)}

    @property
    def _count_key(self) -> Hashable:
        """The key under which the count is remembered: the site, and every parameter that can change the count."""
        asked = self.request.GET.lists()
        rest = sorted((name, *values) for name, values in asked if name not in DISPLAY_PARAMETERS)
        return "count", type(self), self.perspective.site.pk, tuple(rest)
