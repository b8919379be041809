"""What the admin shows beside pages: themes; and what it does in another way than Wagtail's own."""

from typing import ClassVar

from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .bulk_publish import PublishCompleteBulkAction
from .models import Theme


class ThemeViewSet(SnippetViewSet):
    """Themes, each with where it is used."""

    model = Theme
    icon = "tag"
    menu_order = 200
    list_display: ClassVar = ["name", "slug"]
    ordering: ClassVar = ["name"]


register_snippet(ThemeViewSet)

# Wagtail registers its own without an order, and the last of a name is taken.
hooks.register("register_bulk_action", PublishCompleteBulkAction, order=1)
