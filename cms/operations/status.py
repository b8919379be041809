"""The page in the admin's Reports menu that says how the service is, and what to do; for administrators."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from .facts.gathering import gathered


class StatusView(WagtailAdminTemplateMixin, TemplateView):
    """Lists the facts that `readyz` knows, those first that are not well."""

    page_title = _("Status")
    header_icon = "info-circle"
    template_name = "operations/status.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Refuse everybody but administrators."""
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Add the page to the path that leads to it."""
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the facts."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        facts = sorted(gathered(), key=lambda fact: fact.is_good)
        bad = sum(not fact.is_good for fact in facts)
        return {**context, "facts": facts, "bad": bad}


class StatusItem(MenuItem):
    """The menu item of the page, for administrators."""

    def is_shown(self, request: Any) -> bool:
        """Return whether the user is an administrator."""
        return bool(request.user.is_superuser)
