"""Pagination of listings: one slice of the objects found, and their total count."""

from collections.abc import Callable, Hashable
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

from frontend_api.dependencies.memo import Fact, facts
from frontend_api.dependencies.tracker import current
from frontend_api.visibility.perspective import Perspective

from . import parameters
from .cursors import Place

DISPLAY_PARAMETERS = frozenset(
    {"cursor", "facets", "fields", "limit", "offset", "rich_text_format", "view"}
)
"""The parameters that change neither which items there are nor how they are ordered, but which are shown, and how."""
LISTING_PARAMETERS = frozenset(
    {
        "cursor",
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

        A remembered count is used; without one, the query for the slice counts too, where it can. With `cursor`, `meta`
        has `next_cursor` as well.
        """
        limit, offset = parameters.limit_and_offset(self.request.GET)
        place = self._place(items)
        known = self._recalled(self._count_key) if isinstance(items, QuerySet) else None
        window = items if place is None else place.items()
        if limit and known is None and isinstance(items, QuerySet):
            window = window.annotate(total_count=_Count(self.countable(items)))
        end = offset + limit if place is None else limit + 1
        found = self.perspective.listed(window[offset:end]) if limit else []
        if known is None:
            total_count = getattr(found[0], "total_count", None) if found else None
            if total_count is None:
                with self.perspective.dependencies.tracking_selection():
                    total_count = (
                        self.countable(items).count()
                        if isinstance(items, QuerySet)
                        else items.count()
                    )
            if isinstance(items, QuerySet):
                self._keep(self._count_key, total_count)
        else:
            total_count = known.value
        meta: dict[str, Any] = {"total_count": total_count}
        if place is not None:
            meta["next_cursor"] = place.next_cursor(found, limit)
        return {"meta": meta, "items": represent_all(found[:limit])}

    def countable(self, items: QuerySet[Any]) -> QuerySet[Any]:
        """Return the ids of `items` in the form in which they are counted."""
        return items.order_by().values("pk")

    def remembered(self, name: str, find: Callable[[], Any]) -> Any:
        """Return what `find` returns, which depends on which items there are, or has returned and still holds."""
        key = (name, self._count_key)
        known = self._recalled(key)
        if known is not None:
            return known.value
        with self.perspective.dependencies.tracking_selection():
            value = find()
        self._keep(key, value)
        return value

    def _recalled(self, key: Hashable) -> Fact | None:
        # A reader of drafts may see more objects than the public, or fewer, so only what the public sees is remembered.
        if self.perspective.draft_overlay is not None:
            return None
        known = facts.recall(key, self.perspective.state)
        if known is not None:
            self.perspective.dependencies.tags.update(known.validity.tags)
            self.perspective.dependencies.holds_until(known.validity.until)
        return known

    def _keep(self, key: Hashable, value: Any) -> None:
        dependencies = self.perspective.dependencies
        if self.perspective.draft_overlay is None and current() is dependencies:
            facts.keep(key, value, self.perspective.state, dependencies)

    def _place(self, items: Any) -> Place | None:
        """Return where a request with a cursor goes on; None without one."""
        if "cursor" not in self.request.GET:
            return None
        return Place(items, self.request.GET, self._count_key)

    @property
    def _count_key(self) -> tuple[Any, ...]:
        """The key under which the count is remembered: the site, and every parameter that can change the count."""
        asked = self.request.GET.lists()
        rest = sorted((name, *values) for name, values in asked if name not in DISPLAY_PARAMETERS)
        return (
            "count",
            f"{type(self).__module__}.{type(self).__qualname__}",
            self.perspective.site.pk,
            tuple(rest),
        )
