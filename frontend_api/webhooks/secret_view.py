"""Shows a new secret, once: to whoever made it, on the page that follows."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.generic import TemplateView
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permission_policies import ModelPermissionPolicy

from .models import WebhookRecipient
from .sealing import unseal

NEW = "frontend_api_webhooks_new_secrets"
"""In the session: of which recipients a secret was made that is not shown yet. The secrets are not in it."""

policy = ModelPermissionPolicy(WebhookRecipient)


def show_once(request: HttpRequest, recipient: WebhookRecipient) -> str:
    """Let the secret of a recipient be shown to this user once, and return where."""
    request.session[NEW] = [*request.session.get(NEW, []), recipient.pk]
    return reverse("frontend_api_webhooks:secret", args=[recipient.pk])


@method_decorator(never_cache, name="dispatch")
class SecretView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Shows the secret; whoever comes again is led to what is sent."""

    template_name = "frontend_api/webhooks/secret.html"
    page_title = _("Secret")
    header_icon = "key"
    permission_policy = policy
    permission_required = "change"

    @sensitive_variables("secret")
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the secret if it was not shown yet."""
        recipient = get_object_or_404(WebhookRecipient, pk=pk)
        waiting = request.session.get(NEW, [])
        deliveries = reverse("frontend_api_webhooks:deliveries", args=[pk])
        if pk not in waiting:
            return HttpResponseRedirect(deliveries)
        request.session[NEW] = [one for one in waiting if one != pk]
        context = self.get_context_data(
            recipient=recipient, secret=unseal(recipient.secret), deliveries_url=deliveries
        )
        return self.render_to_response(context)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return links to the list and the recipient, followed by this view."""
        return [
            {"url": reverse("webhooks:index"), "label": _("Webhooks")},
            {"url": "", "label": self.page_title},
        ]
