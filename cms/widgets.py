"""Form fields of the admin as this site has them."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput

from .blocks import BODY_HELP


class LineInput(AdminAutoHeightTextInput):
    """A line of text that is seen whole, however long it is: it wraps, and is one line again when it is sent."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 1, **(attrs or {})})

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        """Return what was typed as one line."""
        value = super().value_from_datadict(data, files, name)
        return " ".join(value.split()) if isinstance(value, str) else value


def title_panel() -> TitleFieldPanel:
    """Return the panel of a page's title."""
    return TitleFieldPanel("title", widget=LineInput)


def body_panel() -> FieldPanel:
    """Return the panel of a page's body."""
    return FieldPanel("body", help_text=BODY_HELP)
