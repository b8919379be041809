"""The admin's views of what was sent: all messages of a recipient, and one of them with each attempt."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, DateColumn, Table, TitleColumn
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .forms import SinceForm
from .health import state_of
from .models import Form, State, WebhookAttempt, WebhookMessage, WebhookRecipient
from .secret_view import policy

A_PAGE = 50


def message_url(message: WebhookMessage) -> str:
    """Return where it is seen what became of a message."""
    return reverse("frontend_api_webhooks:message", args=[message.pk])


def about(message: WebhookMessage) -> str:
    """Return what a message is about, such as `insights.InsightPage 14`."""
    if message.is_test:
        return gettext("A test")
    if message.recipient.form == Form.EVENT:
        return message.key.replace(":", " ").strip() or gettext("Everything")
    if message.first == message.last:
        return gettext("Change %(number)d") % {"number": message.last}
    return gettext("Changes %(first)d to %(last)d") % {
        "first": message.first,
        "last": message.last,
    }


def status_of(message: WebhookMessage) -> str:
    """Return what has become of a message, with what went wrong the last time."""
    label = str(message.get_state_display())
    attempts = list(message.log.all())
    error = attempts[-1].error if attempts else ""
    return f"{label}. {error}" if error and message.state != State.DELIVERED else label


class WebhookView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A view for whoever may change webhooks."""

    header_icon = "resubmit"
    permission_policy = policy
    permission_required = "change"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return links to the list, and to the recipient where this is about one of its messages."""
        return [{"url": reverse("webhooks:index"), "label": _("Webhooks")}]


class DeliveriesView(WebhookView):
    """How it goes with a recipient, and what it was sent in the last thirty days."""

    template_name = "frontend_api/webhooks/deliveries.html"
    columns: ClassVar = [
        TitleColumn("about", label=_("About"), accessor=about, get_url=message_url),
        Column("state", label=_("State"), accessor=status_of),
        Column("tries", label=_("Attempts"), accessor=lambda message: len(message.log.all())),
        DateColumn("created_at", label=_("Made")),
        DateColumn("finished_at", label=_("Finished")),
    ]
    since_form: SinceForm | None = None

    @cached_property
    def recipient(self) -> WebhookRecipient:
        """The recipient."""
        return get_object_or_404(WebhookRecipient, pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        """Return the name of the recipient."""
        return str(self.recipient)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Add the recipient."""
        return [*super().get_breadcrumbs_items(), {"url": "", "label": str(self.recipient)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the facts, and a table of messages."""
        found = self.recipient.messages.select_related("recipient").prefetch_related("log")
        page = Paginator(found.order_by("-pk"), A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            recipient=self.recipient,
            state=state_of(self.recipient),
            is_event=self.recipient.form == Form.EVENT,
            waiting=self.recipient.messages.filter(state=State.PENDING).count(),
            table=Table(self.columns, page) if page else None,
            page_obj=page,
            since_form=self.since_form or SinceForm(),
            **kwargs,
        )


class MessageView(WebhookView):
    """One message: the request, and what came back, each time."""

    template_name = "frontend_api/webhooks/message.html"

    @cached_property
    def message(self) -> WebhookMessage:
        """The message."""
        return get_object_or_404(
            WebhookMessage.objects.select_related("recipient"), pk=self.kwargs["pk"]
        )

    def get_page_title(self) -> str:
        """Return what it is about."""
        return about(self.message)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Add the recipient and the message."""
        recipient = self.message.recipient
        url = reverse("frontend_api_webhooks:deliveries", args=[recipient.pk])
        return [
            *super().get_breadcrumbs_items(),
            {"url": url, "label": str(recipient)},
            {"url": "", "label": about(self.message)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add each attempt, the newest first."""
        attempts = WebhookAttempt.objects.filter(message=self.message).order_by("-pk")
        return super().get_context_data(
            message=self.message,
            recipient=self.message.recipient,
            is_waiting=self.message.state == State.PENDING,
            attempts=attempts,
            **kwargs,
        )
