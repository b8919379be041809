"""The insights related to a programme: those that its editor chose, or else the newest that share a theme with it.

Those that are suggested are in the language of the programme.
"""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from django.db.models import F, Model, Window
from django.db.models.functions import RowNumber

from frontend_api.serialization.deferred import Deferred
from frontend_api.serialization.fields import RepresentedField
from frontend_api.serialization.json_schema import Schema, Types, array
from frontend_api.serialization.loaders import pages
from frontend_api.serialization.nested import Level, Nested
from frontend_api.serialization.relations import with_children
from frontend_api.serialization.row_loaders import ManyToMany
from frontend_api.serialization.selection import Selection
from frontend_api.visibility.perspective import Perspective
from insights.models import InsightPage

MOST_SUGGESTED = 3

Wanted = tuple[int, frozenset[int]]
"""A language, and themes."""


class RelatedInsights(RepresentedField):
    """Shows a programme's insights as teasers: those chosen, in their order, or else the newest that share a theme."""

    def target(self, model: type[Model], name: str) -> type[Model]:
        """Return the model of the objects shown."""
        return InsightPage

    def represent(
        self, instance: Any, name: str, perspective: Perspective, selection: Selection, level: Level
    ) -> Any:
        """Return the list of teasers."""

        def teasers(insights: Any) -> list[Any]:
            return [Nested(insight, selection, level) for insight in insights or ()]

        def suggested(themes: Any) -> Any:
            keys = frozenset(theme.pk for theme in themes or ())
            wanted = (instance.locale_id, keys)
            return Deferred(teasers, (newest_sharing, wanted)) if keys else []

        def suggestions() -> Any:
            if perspective.holds_in_memory(instance):
                return suggested(instance.themes.all())
            return Deferred(suggested, (ManyToMany(type(instance), "themes"), instance.pk))

        def chosen(children: list[Any]) -> Any:
            needs = [(pages, child.insight_id) for child in children]
            return Deferred(
                lambda *found: (
                    teasers(visible)
                    if (visible := [page for page in found if page])
                    else suggestions()
                ),
                *needs,
            )

        return with_children(instance, name, perspective, chosen)

    def json_schema(self, model: type[Model], name: str, types: Types, level: Level) -> Schema:
        """Return the schema of the list."""
        return array(types.of(InsightPage, level))


def newest_sharing(
    perspective: Perspective, keys: set[Wanted]
) -> Mapping[Wanted, list[InsightPage]]:
    """Fetch, for each language and set of theme ids, the `MOST_SUGGESTED` newest visible insights that have any."""
    themes = frozenset().union(*(wanted for _, wanted in keys))
    visible = perspective.pages(InsightPage).filter(themes__in=themes)
    # The newest of several themes together are among the newest of each, so one query serves every set. It ranks by
    # dates alone, so that a change to a summary, say, does not change its result.
    newest_of_each = visible.annotate(
        rank=Window(
            RowNumber(),
            partition_by=[F("themes"), F("locale_id")],
            order_by=[F("published_on").desc(), F("pk").desc()],
        ),
    ).filter(rank__lte=MOST_SUGGESTED)
    insights = visible.annotate(theme_id=F("themes")).filter(
        pk__in=newest_of_each.order_by().values("pk")
    )
    by_theme: dict[tuple[int, int], list[InsightPage]] = {}
    for insight in perspective.listed(insights):
        by_theme.setdefault((insight.locale_id, insight.theme_id), []).append(insight)
    newest = {}
    for key in keys:
        locale, own = key
        sharing = {
            insight.pk: insight for theme in own for insight in by_theme.get((locale, theme), ())
        }
        newest[key] = sorted(
            sharing.values(), key=lambda insight: (insight.published_on, insight.pk), reverse=True
        )[:MOST_SUGGESTED]
    seen = {page.pk: page for page in perspective.seen({*chain.from_iterable(newest.values())})}
    return {key: [seen[insight.pk] for insight in found] for key, found in newest.items()}
