"""What the admin shows beside pages: themes."""

from typing import ClassVar

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Theme


class ThemeViewSet(SnippetViewSet):
    """Themes, each with where it is used."""

    model = Theme
    icon = "tag"
    menu_order = 200
    list_display: ClassVar = ["name", "slug"]
    ordering: ClassVar = ["name"]


register_snippet(ThemeViewSet)
