"""Wires what all content shares into the admin: snippets, bulk actions, messages, and the scripts of forms."""

from typing import Any, ClassVar

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.admin_url_finder import register_admin_url_finder
from wagtail.admin.staticfiles import versioned_static
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from . import guide, rich_text
from .bulk_actions import DeleteNamedBulkAction, MoveNamedBulkAction, UnpublishNamedBulkAction
from .bulk_publish import PublishCompleteBulkAction
from .dead_ends import PageFinder
from .drafts.messages import say_what_is_missing
from .drafts.schedule import say_what_was_removed
from .models import Theme
from .one_language import annotate_explorer
from .page_views import CmsPageViewSet
from .publish_with.urls import urlpatterns as publish_with_urls
from .sections import in_chooser
from .site_settings import SiteSettingsViewSet, offer_languages


class ThemeViewSet(SnippetViewSet):
    """Themes, each with where it is used."""

    model = Theme
    icon = "tag"
    menu_order = 200
    list_display: ClassVar = ["name", "slug"]
    ordering: ClassVar = ["name"]


register_snippet(ThemeViewSet)
register_snippet(SiteSettingsViewSet)
register_admin_url_finder(Page, PageFinder)
hooks.register("construct_explorer_page_queryset", annotate_explorer)
hooks.register("construct_page_chooser_queryset", in_chooser)

for name in ("after_create_page", "after_edit_page"):
    hooks.register(name, say_what_is_missing)

for name in ("before_publish_page", "before_publish", "after_edit_page", "after_edit_snippet"):
    hooks.register(name, say_what_was_removed)


@hooks.register("insert_editor_js")
def editor_scripts() -> SafeString:
    """Return the scripts with which nothing that is typed is lost, for every form of the admin."""
    return render_to_string("cms/editor/scripts.html")


@hooks.register("register_admin_urls")
def publish_with_addresses() -> list[Any]:
    """Add what asks and tells about chosen things that are not published."""
    return publish_with_urls


@hooks.register("insert_editor_js")
def chosen_notice() -> str:
    """Tell in the form of a page what it chose and readers would not see."""
    return format_html(
        '<script src="{}" data-address="{}"></script>',
        versioned_static("cms/chosen-notice.js"),
        reverse("publish_with_notice", args=[0]),
    )


# Of several bulk actions of the same type the last wins; Wagtail's own have no order, so these come later.
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


@hooks.register("insert_global_admin_js")
def bulk_bar_js() -> str:
    """Let the bar of bulk actions follow what is selected."""
    return format_html('<script src="{}"></script>', versioned_static("cms/bulk-bar.js"))


# After Wagtail's own rule for links.
hooks.register("register_rich_text_features", rich_text.register_links, order=1)
hooks.register("insert_editor_js", rich_text.paste_script)

hooks.register("construct_settings_menu", offer_languages)
hooks.register("register_admin_urls", guide.guide_urls)
hooks.register("register_page_header_buttons", guide.help_button)
# After whatever else adds to the menu.
hooks.register("construct_help_menu", guide.offer_own_guide, order=1000)


@hooks.register("insert_global_admin_css")
def admin_styles() -> str:
    """Add what Wagtail's styles lack on a phone and in lists, and the organisation's logo."""
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("cms/admin.css"))
