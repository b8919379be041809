"""Adds themes to the admin's snippets, and replaces Wagtail's bulk action for publishing."""

from typing import ClassVar

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from . import guide, rich_text
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

# After Wagtail's own rule for links.
hooks.register("register_rich_text_features", rich_text.register_links, order=1)
hooks.register("insert_editor_js", rich_text.paste_script)

hooks.register("register_admin_urls", guide.guide_urls)
hooks.register("register_page_header_buttons", guide.help_button)
# After whatever else adds to the menu.
hooks.register("construct_help_menu", guide.offer_own_guide, order=1000)


@hooks.register("insert_global_admin_css")
def admin_styles() -> str:
    """Add what Wagtail's styles lack on a phone, and the organisation's logo."""
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))
