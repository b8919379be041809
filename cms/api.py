"""`themes/`: what programmes and insights are about."""

from typing import ClassVar

from frontend_api.endpoints.snippets import SnippetViewSet, register

from .models import Theme


class ThemesViewSet(SnippetViewSet):
    """Themes that a public page has, by name."""

    model = Theme
    default_order: ClassVar = ("name",)


register("themes", ThemesViewSet)
