"""The panel of a page's form that shows the page as search engines and those who share it do."""

from typing import Any

from django.forms import Media
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.admin.staticfiles import versioned_static

# How many characters search engines usually show.
LONGEST_TITLE, LONGEST_DESCRIPTION = 60, 160


class SearchPreviewPanel(Panel):
    """Shows how the page looks in a search result and when shared, with counters; nothing is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("How it looks when found or shared"), **kwargs})

    @property
    def clean_name(self) -> str:
        """The name by which the form's minimap and scripts know the panel."""
        return "search_preview"

    class BoundPanel(Panel.BoundPanel):
        """The panel of one page."""

        template_name = "cms/search_preview.html"

        @property
        def media(self) -> Media:
            """The script and the styles."""
            return Media(
                js=[versioned_static("cms/search-preview.js")],
                css={"all": [versioned_static("cms/search-preview.css")]},
            )

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Return what the script cannot read from the form: the address, and what the site says."""
            # At start-up, page types have this panel before there are models, which this needs.
            from .facts import preview_of

            context: dict[str, Any] = super().get_context_data(parent_context)
            return {
                **context,
                "longest_title": LONGEST_TITLE,
                "longest_description": LONGEST_DESCRIPTION,
                "preview": preview_of(self.instance, getattr(self.form, "parent_page", None)),
            }
