"""Widgets with which something is chosen by more than its title."""

from typing import Any

from django.forms import Media
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.admin.widgets import BaseChooser
from wagtail.admin.widgets.chooser import BaseChooserAdapter


class InsightChooser(BaseChooser):
    """Chooses an insight, or makes one; the window is in `insights`, which is above this package."""

    model = "insights.InsightPage"
    icon = "doc-full"
    choose_one_text = _("Choose an insight")
    choose_another_text = _("Choose another insight")
    link_to_chosen_text = _("Edit this insight")
    chooser_modal_url_name = "insight_chooser:choose"

    def get_display_title(self, instance: Any) -> str:
        """Return the title that the insight has in its draft."""
        title: str = instance.specific.get_admin_display_title()
        return title

    @cached_property
    def media(self) -> Media:
        """Add what fills in a teaser from its address, and the list as phones show it."""
        return super().media + Media(
            js=[versioned_static("insights/fetch-address.js")],
            css={"all": [versioned_static("insights/chooser.css")]},
        )


register(BaseChooserAdapter(), InsightChooser)


class InsightChooserBlock(blocks.PageChooserBlock):
    """Chooses an insight in a block; for migrations, and for the API, it is the chooser of pages that it was."""

    @cached_property
    def widget(self) -> InsightChooser:
        """Return the widget of the form."""
        return InsightChooser()

    def get_form_state(self, value: Any) -> Any:
        """Return what the form knows of an insight."""
        return self.widget.get_value_data(value)

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Return Wagtail's own block: what is stored is the same."""
        _name, args, kwargs = super().deconstruct()
        return "wagtail.blocks.PageChooserBlock", args, kwargs
