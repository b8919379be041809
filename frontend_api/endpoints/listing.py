"""Listings: one slice of what was found, and how much of it there is."""

from collections.abc import Hashable
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

from frontend_api.dependencies.memo import facts
from frontend_api.dependencies.tracker import current
from frontend_api.visibility.perspective import Perspective

from . import parameters

SHOWN_OF_IT = frozenset({"fields", "limit", "offset"})
LISTING_PARAMETERS = frozenset(
    {"fields", "site", "limit", "offset", "order", "search", "search_operator"}
)


class _Count(Subquery):
    """How many rows a queryset has, as a value in another one's query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class ListingMixin:
    """Pages through an ordered queryset or search result; the viewset says how one item looks."""

    request: Any
    perspective: Perspective

    def listing(self, items: Any, represent_all: Any) -> dict[str, Any]:
        """Return `{"meta": {"total_count": 42}, "items": […]}` for the requested slice of `items`."""
        limit, offset = parameters.limit_and_offset(self.request.GET)
        dependencies, state = self.perspective.dependencies, self.perspective.state
        is_query = isinstance(items, QuerySet)
        # Who sees drafts may see more of them than the public, or fewer.
        is_public = is_query and self.perspective.draft_overlay is None
        known = facts.recall(self._counted, state) if is_public else None
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
            facts.keep(self._counted, total_count, state, dependencies)
        return {"meta": {"total_count": total_count}, "items": represent_all(shown)}

    @property
    def _counted(self) -> Hashable:
        """What is counted: all that was asked for but for how much of it is shown."""
        asked = self.request.GET.lists()
        rest = sorted((name, *values) for name, values in asked if name not in SHOWN_OF_IT)
        return "count", type(self), self.perspective.site.pk, tuple(rest)
