"""Hooks into Wagtail's admin: shared drafts, content checks in previews, images not shown, bulk actions, caches."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry

from frontend_api.caching.cdn.health import problems
from frontend_api.caching.cdn.panel import PurgePanel
from frontend_api.changes.capture import log_update
from frontend_api.images.report import BrokenImagesItem, BrokenImagesReport
from frontend_api.previews import pointing
from frontend_api.previews.sharing import actions
from frontend_api.previews.sharing.report import ReportMenuItem, SharedDraftsReport
from frontend_api.previews.sharing.views import RevokeView, ShareView, is_shareable
from frontend_api.previews.userbar import check_content_of_frontend
from frontend_api.redirects.leads import is_installed
from frontend_api.redirects.views import FormerPathViewSet
from frontend_api.webhooks import health as webhook_health
from frontend_api.webhooks.admin_urls import urls as webhook_urls
from frontend_api.webhooks.panel import WebhooksPanel
from frontend_api.webhooks.viewset import WebhookViewSet

hooks.register("construct_wagtail_userbar", check_content_of_frontend)
hooks.register("insert_editor_js", pointing.script)


@hooks.register("register_admin_urls")
def sharing_urls() -> list[URLPattern | URLResolver]:
    """Add the views of shared drafts to the admin."""
    urls = [
        path("pages/<int:page_id>/", ShareView.as_view(), name="share"),
        path("<int:pk>/revoke/", RevokeView.as_view(), name="revoke"),
        path("report/", SharedDraftsReport.as_view(), name="report"),
        path(
            "report/results/",
            SharedDraftsReport.as_view(results_only=True),
            name="report_results",
        ),
    ]
    return [path("shared-drafts/", include((urls, "frontend_api_sharing")))]


@hooks.register("register_page_header_buttons")
def share_button(
    page: Any, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Any]:
    """Add "Share draft" to the menu of pages that the user may edit."""
    if is_shareable(page) and page.permissions_for_user(user).can_edit():
        url = reverse("frontend_api_sharing:share", args=[page.pk])
        yield Button(_("Share draft"), url, icon_name="link", priority=35)


@hooks.register("register_reports_menu_item")
def shared_drafts_item() -> MenuItem:
    """Add the report of shared drafts to the Reports menu."""
    url = reverse("frontend_api_sharing:report")
    return ReportMenuItem(
        _("Shared drafts"), url, name="shared-drafts", icon_name="link", order=1000
    )


@hooks.register("register_admin_urls")
def broken_images_urls() -> list[URLPattern | URLResolver]:
    """Add the report of images that readers never see to the admin."""
    views = {
        "": BrokenImagesReport.as_view(),
        "results/": BrokenImagesReport.as_view(results_only=True),
    }
    names = ("report", "report_results")
    urls = [
        path(at, view, name=name) for (at, view), name in zip(views.items(), names, strict=True)
    ]
    return [path("reports/broken-images/", include((urls, "frontend_api_images")))]


@hooks.register("register_reports_menu_item")
def broken_images_item() -> MenuItem:
    """Add the report of images that readers never see to the Reports menu."""
    url = reverse("frontend_api_images:report")
    label = _("Images not shown")
    return BrokenImagesItem(label, url, name="broken-images", icon_name="image", order=1010)


if is_installed():

    @hooks.register("register_admin_viewset")
    def former_addresses() -> FormerPathViewSet:
        """Add the list of former addresses to the Settings menu, beside the redirects."""
        return FormerPathViewSet()

    @hooks.register("register_permissions")
    def permissions_for_former_addresses() -> Any:
        """Let groups be given the deletion of former addresses."""
        return Permission.objects.filter(
            content_type__app_label="frontend_api", codename="delete_formerpath"
        )


@hooks.register("register_log_actions")
def sharing_actions(registry: LogActionRegistry) -> None:
    """Register the log actions with which a page's history mentions shared drafts."""
    actions.register(registry)


@hooks.register("after_bulk_action")
def record_bulk_action(
    request: HttpRequest, action_type: str, objects: Iterable[Model], action: Any
) -> None:
    """Log the changes of a bulk action, some of which Wagtail makes in a single query that sends no signals."""
    log_update(obj for obj in objects if obj.pk is not None)


@hooks.register("construct_homepage_panels")
def warn_of_old_caches(request: HttpRequest, panels: list[Component]) -> None:
    """Warn superusers on the admin's home page that a cache in front of the API could not be purged."""
    if request.user.is_superuser and (found := problems()):
        panels.append(PurgePanel(found))


@hooks.register("register_admin_viewset")
def webhooks() -> WebhookViewSet:
    """Add the list of webhooks to the Settings menu."""
    return WebhookViewSet()


@hooks.register("register_admin_urls")
def webhook_deliveries() -> list[URLPattern | URLResolver]:
    """Add what was sent to the admin."""
    return [webhook_urls()]


@hooks.register("register_permissions")
def permissions_for_webhooks() -> Any:
    """Let groups be given the webhooks; whoever has them may have requests sent."""
    return Permission.objects.filter(
        content_type__app_label="frontend_api",
        codename__in=[f"{act}_webhookrecipient" for act in ("add", "change", "delete")],
    )


@hooks.register("construct_homepage_panels")
def warn_of_webhooks(request: HttpRequest, panels: list[Component]) -> None:
    """Warn superusers on the admin's home page that a recipient of webhooks is not told of changes."""
    if request.user.is_superuser and (found := webhook_health.problems()):
        panels.append(WebhooksPanel(found))
