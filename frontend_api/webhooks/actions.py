"""What can be done with webhooks in the admin by pressing a button; nothing is sent before the request is answered."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin

from frontend_api.changes.enqueueing import SOONEST, enqueue

from .claims import send_again
from .forms import SinceForm
from .models import Form, WebhookMessage, WebhookRecipient
from .owed import try_out
from .recipients import rotate, switch
from .secret_view import policy, show_once
from .tasks import send_webhooks
from .views import DeliveriesView, message_url


class ActionView(PermissionCheckedMixin, View):
    """Does something with one recipient, for whoever may change webhooks."""

    http_method_names = ("post",)
    permission_policy = policy
    permission_required = "change"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, and lead to where it is seen."""
        return self.act(get_object_or_404(WebhookRecipient, pk=pk))

    def act(self, recipient: WebhookRecipient) -> HttpResponse:
        """Do it."""
        raise NotImplementedError


def to_deliveries(recipient: WebhookRecipient) -> HttpResponse:
    """Lead to what is sent."""
    return HttpResponseRedirect(reverse("frontend_api_webhooks:deliveries", args=[recipient.pk]))


class TestView(ActionView):
    """Sends a test."""

    def act(self, recipient: WebhookRecipient) -> HttpResponse:
        """Store the test and have it sent, and lead to what becomes of it."""
        message = try_out(recipient, timezone.now())
        enqueue(send_webhooks, priority=SOONEST)
        messages.success(self.request, _("A test is sent. Look again in a moment."))
        return HttpResponseRedirect(message_url(message))


class SwitchView(ActionView):
    """Switches a recipient on or off."""

    def act(self, recipient: WebhookRecipient) -> HttpResponse:
        """Switch it to the other, and send what it is owed."""
        switch(recipient, not recipient.is_enabled)
        if recipient.is_enabled:
            messages.success(self.request, _("“%(name)s” is off.") % {"name": recipient})
        else:
            enqueue(send_webhooks, priority=SOONEST)
            messages.success(
                self.request,
                _("“%(name)s” is on; what it is owed is sent now.") % {"name": recipient},
            )
        return to_deliveries(recipient)


class RotateView(ActionView):
    """Replaces the secret of a recipient that was made here."""

    def act(self, recipient: WebhookRecipient) -> HttpResponse:
        """Make a new secret, and lead to where it is shown."""
        if recipient.is_from_settings or recipient.form != Form.EVENT:
            messages.error(self.request, _("It has no secret that could be replaced here."))
            return to_deliveries(recipient)
        rotate(recipient)
        return HttpResponseRedirect(show_once(self.request, recipient))


class AgainView(ActionView):
    """Sends one message once more."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have it sent, and lead to what becomes of it."""
        message = get_object_or_404(WebhookMessage, pk=pk)
        _say_how_many(request, send_again(WebhookMessage.objects.filter(pk=pk)))
        return HttpResponseRedirect(message_url(message))


class AgainSinceView(ActionView):
    """Sends everything once more that was made since a time."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have it sent, or show the form again with what is wrong."""
        recipient = get_object_or_404(WebhookRecipient, pk=pk)
        form = SinceForm(request.POST)
        if not form.is_valid():
            # It is answered as the page is that has the form.
            again: Any = DeliveriesView(since_form=form)
            again.setup(request, pk=pk)
            response: HttpResponse = again.get(request, pk=pk)
            return response
        since = form.cleaned_data["since"]
        _say_how_many(request, send_again(recipient.messages.filter(created_at__gte=since)))
        return to_deliveries(recipient)


def _say_how_many(request: HttpRequest, count: int) -> None:
    if not count:
        messages.warning(request, _("There is nothing to send again, or it is just being sent."))
        return
    enqueue(send_webhooks, priority=SOONEST)
    messages.success(
        request,
        ngettext(
            "%(count)d message is sent again, with the id that it had.",
            "%(count)d messages are sent again, with the ids that they had.",
            count,
        )
        % {"count": count},
    )
