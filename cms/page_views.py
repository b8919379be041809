"""The admin's views of pages, which say what was done in the words of the button that did it.

Wagtail says that a page "has been updated" after a draft was saved and after it was approved alike, not when a
scheduled page will be published, and that an alias was "copied".
"""

from typing import Any, ClassVar

from django.contrib.messages import SUCCESS, add_message, get_messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.pages.copy import CopyView
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from cms.dead_ends import OfferingUseView
from cms.leaving.views import AskingDeleteView, AsksWhenUnpublishing
from cms.original import goes_with_original
from cms.return_to import came_from
from cms.sorted_by_hand import BoundedExplorerView


class SayingCreateView(CreateView):
    """Says when a new page will be published."""

    def save_action(self) -> Any:
        """Save a draft, and call it one."""
        response = super().save_action()
        if not self.expects_json_response:
            say(self.request, _("“%s” is saved as a draft.") % title(self.page))
        return response

    def publish_action(self) -> Any:
        """Publish the page, or schedule that."""
        response = super().publish_action()
        say_when(self.request, self.page)
        return response


class SayingEditView(EditView):
    """Says what has become of the page."""

    def add_save_confirmation_message(self) -> None:
        """Say that a draft is saved, or what the moderator did."""
        if self.is_reverting:
            super().add_save_confirmation_message()
        elif self.action_name == "perform_workflow_action":
            say_moderated(self.request, self.page, self.workflow_action)
        elif self.page.live:
            text = _("Your changes to “%s” are saved as a draft. Readers see what was published.")
            messages.success(self.request, text % title(self.page))
        else:
            messages.success(self.request, _("“%s” is saved as a draft.") % title(self.page))

    def publish_action(self) -> Any:
        """Publish the page, or schedule that."""
        response = super().publish_action()
        say_when(self.request, self.page)
        return response


class SayingWorkflowActionView(WorkflowActionView):
    """Says what the moderator did in a window, and leads back to the list that it was opened in."""

    def get_redirect_url(self) -> Any:
        """Return the address that follows."""
        return came_from(self.request) or super().get_redirect_url()

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Do what was chosen, and say so."""
        state = self.task_state.status
        response = super().post(request, *args, **kwargs)
        self.task_state.refresh_from_db()
        if self.task_state.status != state:
            say_moderated(request, self.object, self.action_name)
        return response


class SayingCopyView(CopyView):
    """Says whether a copy or an alias was made."""

    def form_valid(self, form: Any) -> Any:
        """Make the copy."""
        response = super().form_valid(form)
        if form.cleaned_data.get("alias"):
            text = _("An alias of “%(title)s” is made below “%(parent)s”.")
            names = {"title": title(self.page.specific), "parent": title(self.parent_page.specific)}
            say(self.request, text % names)
        return response


class SayingUnpublishView(AsksWhenUnpublishing, UnpublishView):
    """Says that an alias goes with its original, and asks what readers find then."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Lead back with a sentence, or ask."""
        if goes_with_original(self.object):
            text = _(
                "“%s” shows another page, and is on the website for as long as that one is. "
                "Unpublish that page, or delete this one."
            )
            messages.error(request, text % title(self.object))
            edit = reverse(self.edit_url_name, args=[self.object.pk])
            return redirect(get_valid_next_url_from_request(request) or edit)
        return super().dispatch(request, *args, **kwargs)


class CmsPageViewSet(PageViewSet):
    """The views of all types of pages that have none of their own."""

    model = Page
    add_view_class: ClassVar = SayingCreateView
    edit_view_class: ClassVar = SayingEditView
    content_type_use_view_class: ClassVar = OfferingUseView
    copy_view_class: ClassVar = SayingCopyView
    delete_view_class: ClassVar = AskingDeleteView
    index_view_class: ClassVar = BoundedExplorerView
    unpublish_view_class: ClassVar = SayingUnpublishView
    workflow_action_view_class: ClassVar = SayingWorkflowActionView


def title(page: Any) -> str:
    """Return what the admin calls a page."""
    name: str = page.get_admin_display_title()
    return name


def say(request: Any, text: str, *buttons: Any) -> None:
    """Say something in place of what Wagtail says of a success; its warnings stay."""
    for message in list(get_messages(request)):
        if message.level != SUCCESS:
            add_message(request, message.level, message.message, extra_tags=message.extra_tags)
    messages.success(request, text, buttons=buttons)


def say_when(request: Any, page: Any) -> None:
    """Say when a page will be published, if that was scheduled; Wagtail says well that it was published now."""
    text = _scheduled(page)
    if text:
        say(request, text, _edit(page))


def say_moderated(request: Any, page: Any, action: str) -> None:
    """Say what has become of a page that a moderator approved or rejected."""
    page = Page.objects.get(pk=page.pk).specific
    if action == "reject":
        text = _("“%s” is rejected. Who submitted it sees your comment, and can submit it again.")
    elif page.workflow_in_progress:
        text = _("“%s” is approved, and goes to the next step.")
    else:
        scheduled = _scheduled(page)
        if scheduled:
            messages.success(request, scheduled, buttons=[_edit(page)])
            return
        text = _("“%s” is approved and published.") if page.live else _("“%s” is approved.")
    messages.success(request, text % title(page), buttons=[_edit(page)])


def _scheduled(page: Any) -> str:
    revision = page.scheduled_revision
    if revision is None or revision.approved_go_live_at <= timezone.now():
        return ""
    when = date_format(timezone.localtime(revision.approved_go_live_at), "j F Y, H:i")
    text = (
        _("“%(title)s” stays as it is until %(when)s; then this version is published.")
        if page.live
        else _("“%(title)s” is scheduled for %(when)s.")
    )
    return text % {"title": title(page), "when": when}


def _edit(page: Any) -> Any:
    return messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), _("Edit"))
