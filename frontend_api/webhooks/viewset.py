"""The list and the form of webhooks in the admin, under Settings."""

from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from frontend_api.feed import reading

from .forms import WebhookForm
from .health import state_of
from .models import Form, WebhookRecipient
from .sealing import new_secret, seal
from .secret_view import show_once


def deliveries_url(recipient: WebhookRecipient) -> str:
    """Return where it is seen what a recipient was sent."""
    return reverse("frontend_api_webhooks:deliveries", args=[recipient.pk])


class WebhookIndexView(generic.IndexView):
    """Lists who is told; those of the settings have no form."""

    def get_edit_url(self, instance: WebhookRecipient) -> str | None:
        """Return the address of the form, for those that were made here."""
        return None if instance.is_from_settings else super().get_edit_url(instance)

    def get_delete_url(self, instance: WebhookRecipient) -> str | None:
        """Return the address at which it is deleted, for those that were made here."""
        return None if instance.is_from_settings else super().get_delete_url(instance)


class WebhookCreateView(generic.CreateView):
    """Makes a recipient, who is told of what changes from now on."""

    def save_instance(self) -> WebhookRecipient:
        """Add who made it, its place in the feed, and the secret that is shown next."""
        instance = self.form.instance
        instance.made_by, instance.position = self.request.user, reading.newest()
        if instance.form == Form.EVENT:
            instance.secret = seal(new_secret())
        saved: WebhookRecipient = super().save_instance()
        return saved

    def get_success_url(self) -> str:
        """Lead to the secret, or to what is sent."""
        if self.object.form == Form.EVENT:
            return show_once(self.request, self.object)
        return deliveries_url(self.object)


class WebhookEditView(generic.EditView):
    """Changes a recipient that was made here."""

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to what is sent where the settings say who is told."""
        if self.get_object().is_from_settings:
            return HttpResponseRedirect(deliveries_url(self.get_object()))
        response: HttpResponse = super().dispatch(*args, **kwargs)
        return response

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Add the way to what was sent."""
        url = deliveries_url(self.object)
        return [*super().header_more_buttons, Button(_("Deliveries"), url, icon_name="list-ul")]

    def save_instance(self) -> WebhookRecipient:
        """Add the secret where events are wanted that were not before, and begin anew where it is switched on."""
        instance = self.form.instance
        self._is_new_secret = instance.form == Form.EVENT and not instance.secret
        if self._is_new_secret:
            instance.secret = seal(new_secret())
        if "is_enabled" in self.form.changed_data:
            instance.switched_off_at, instance.failing_since = None, None
            instance.resting_until, instance.failures, instance.last_error = None, 0, ""
        saved: WebhookRecipient = super().save_instance()
        return saved

    def get_success_url(self) -> str:
        """Lead to the secret where there is a new one, and else to what is sent."""
        if self._is_new_secret:
            return show_once(self.request, self.object)
        return deliveries_url(self.object)


class WebhookDeleteView(generic.DeleteView):
    """Deletes a recipient that was made here, with what it is owed."""

    def get_object(self, queryset: Any = None) -> WebhookRecipient:
        """Return the recipient; those of the settings are none that can be deleted here."""
        own = WebhookRecipient.objects.filter(is_from_settings=False)
        found: WebhookRecipient = super().get_object(own)
        return found


class WebhookViewSet(ModelViewSet):
    """Lists webhooks, and has a form for each that the settings do not name."""

    model = WebhookRecipient
    name = "webhooks"
    url_prefix = "webhooks"
    icon = "resubmit"
    menu_label = _("Webhooks")
    menu_order = 820
    add_to_settings_menu = True
    copy_view_enabled = False
    index_view_class = WebhookIndexView
    add_view_class = WebhookCreateView
    edit_view_class = WebhookEditView
    delete_view_class = WebhookDeleteView
    list_display: ClassVar = [
        TitleColumn("name", label=_("Name"), get_url=deliveries_url),
        Column("host", label=_("Host")),
        Column("form", label=_("What is sent"), accessor="get_form_display"),
        Column("state", label=_("State"), accessor=state_of),
    ]
    search_fields: ClassVar = ["name", "address"]
    search_backend_name = None
    ordering: ClassVar = ["name"]
    panels: ClassVar = [
        FieldPanel("name"),
        FieldPanel("address"),
        FieldPanel("form"),
        FieldPanel("is_enabled"),
        MultiFieldPanel(
            [FieldPanel("kinds"), FieldPanel("types"), FieldPanel("sites")],
            heading=_("What to hear"),
        ),
        MultiFieldPanel(
            [
                HelpPanel(
                    content=_(
                        "Method and body are for build hooks and purges. In the body of a purge, {tags} stands for the "
                        'list of tags in JSON, as in {"tags": {tags}}.'
                    )
                ),
                FieldPanel("method"),
                FieldPanel("header_lines"),
                FieldPanel("body"),
            ],
            heading=_("The request"),
        ),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        """Return the form, which has fields of its own."""
        return self._edit_handler.get_form_class()

    def get_edit_handler(self) -> Any:
        """Return the panels, with the form that they belong to."""
        handler = super().get_edit_handler()
        handler.base_form_class = WebhookForm
        return handler
