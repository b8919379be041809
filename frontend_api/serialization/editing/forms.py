"""Which fields the admin's form of a model has: those of its panels, however they are grouped."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Model
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.contrib.settings.views import get_setting_edit_handler
from wagtail.hooks import search_for_hooks


@dataclass(frozen=True)
class Form:
    """The fields of a form, and the relations to inline children that it has forms of."""

    fields: frozenset[str]
    relations: frozenset[str]


@cache
def form_of(model: type[Model]) -> Form:
    """Return what the admin's form of `model` has; nothing, if it has none that can be known."""
    panels = list(_panels(_edit_handler(model)))
    return Form(
        frozenset(
            panel.field_name
            for panel in panels
            if isinstance(panel, FieldPanel) and not panel.read_only
        ),
        frozenset(panel.relation_name for panel in panels if isinstance(panel, InlinePanel)),
    )


def _edit_handler(model: Any) -> Any:
    # Snippets have theirs once they are registered, which hooks do.
    search_for_hooks()
    if hasattr(model, "get_edit_handler"):
        return model.get_edit_handler()
    if issubclass(model, BaseSiteSetting | BaseGenericSetting):
        return get_setting_edit_handler(model)
    return None


def _panels(panel: Any) -> Iterator[Any]:
    if panel is not None:
        yield panel
        for child in getattr(panel, "children", ()):
            yield from _panels(child)
