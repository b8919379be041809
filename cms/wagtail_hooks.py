"""Adds themes to the admin's snippets, and replaces some of Wagtail's views of pages and bulk actions."""

from typing import ClassVar

from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .bulk_actions import DeleteNamedBulkAction, MoveNamedBulkAction, UnpublishNamedBulkAction
from .bulk_publish import PublishCompleteBulkAction
from .models import Theme
from .page_views import CmsPageViewSet


class ThemeViewSet(SnippetViewSet):
    """Themes, each with where it is used."""

    model = Theme
    icon = "tag"
    menu_order = 200
    list_display: ClassVar = ["name", "slug"]
    ordering: ClassVar = ["name"]


register_snippet(ThemeViewSet)

# Of several bulk actions of the same type the last wins; Wagtail's own has no order, so this one comes later.
for bulk_action in (
    DeleteNamedBulkAction,
    MoveNamedBulkAction,
    PublishCompleteBulkAction,
    UnpublishNamedBulkAction,
):
    hooks.register("register_bulk_action", bulk_action, order=1)


# Wagtail's own views of pages are registered without an order, and the last ones are used.
@hooks.register("register_admin_viewset", order=1)
def register_page_views() -> CmsPageViewSet:
    """Use the views of pages that say what was done."""
    return CmsPageViewSet()


@hooks.register("insert_global_admin_css")
def listings_css() -> str:
    """Style the lists of the admin."""
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("cms/listings.css"))


@hooks.register("insert_global_admin_js")
def bulk_bar_js() -> str:
    """Let the bar of bulk actions follow what is selected."""
    return format_html('<script src="{}"></script>', versioned_static("cms/bulk-bar.js"))
