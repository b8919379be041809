"""Adds themes to the admin's snippets, mends its editor, and replaces its bulk action for publishing."""

from typing import ClassVar

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
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

# Of several bulk actions of the same type the last wins; Wagtail's own has no order, so this one comes later.
hooks.register("register_bulk_action", PublishCompleteBulkAction, order=1)


@hooks.register("insert_editor_js")
def editor_scripts() -> SafeString:
    """Return the scripts with which nothing that is typed is lost, for every form of the admin."""
    return render_to_string("cms/editor/scripts.html")
