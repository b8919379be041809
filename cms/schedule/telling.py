"""Tells editors what could not be done at its time: by mail, and in the form of what it is about."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.admin import messages
from wagtail.models import Revision
from wagtail.users.models import UserProfile

from cms.mail import packed, send_stored
from frontend_api.changes.enqueueing import enqueue
from frontend_api.scheduling.due import Act, Due, base_type
from frontend_api.scheduling.failures import told
from frontend_api.scheduling.models import ScheduleFailure


@receiver(told, dispatch_uid="cms.schedule.mail_editors")
def mail_editors(sender: Any, due: Due, failure: ScheduleFailure, **kwargs: Any) -> None:
    """Mail to those who work on it, or to administrators where there is nobody; a worker sends it."""
    for user in _people(due):
        with override(UserProfile.get_for_user(user).get_preferred_language()):
            subject = (
                _("Not published on time: %(title)s")
                if due.act is Act.PUBLISH
                else _("Not ended on time: %(title)s")
            )
            text = "\n\n".join(
                [said(failure), _("You find it in the admin under Reports, Schedule.")]
            )
            # A title may have line breaks, and a subject must not.
            mail = EmailMessage(
                " ".join((subject % {"title": due.title}).split()), text, to=[user.email]
            )
            enqueue(send_stored, packed(mail))


def said(failure: ScheduleFailure) -> str:
    """Return what failed, why, and when it is tried again, in a few sentences."""
    text = (
        _("It was to go live %(due)s, and could not: %(error)s It is tried again %(again)s.")
        if failure.act == Act.PUBLISH
        else _("It was to end %(due)s, and could not: %(error)s It is tried again %(again)s.")
    )
    error = failure.error if failure.error.endswith((".", "!", "?")) else f"{failure.error}."
    return text % {
        "due": _moment(failure.due_at),
        "error": error,
        "again": _moment(failure.next_attempt_at),
    }


def warn_in_form(request: HttpRequest, instance: Any) -> None:
    """Say in the form of a page or snippet that it could not be published, or could not end."""
    if request.method != "GET":
        return
    failures = ScheduleFailure.objects.filter(
        content_type=base_type(type(instance)), object_id=str(instance.pk)
    )
    for failure in failures:
        messages.error(request, said(failure))


def _people(due: Due) -> Iterable[Any]:
    """Return who saved the version or the object last, and whose it is; else the administrators."""
    revisions = Revision.objects.filter(
        base_content_type=due.content_type, object_id=due.object_id, user__isnull=False
    ).order_by("-created_at", "-pk")
    keys = {*revisions.filter(pk=due.revision).values_list("user", flat=True)}
    keys |= {*revisions.values_list("user", flat=True)[:1]}
    instance = due.model._default_manager.filter(pk=due.object_id).first()
    keys.add(getattr(instance, "owner_id", None))
    users = get_user_model()._default_manager.filter(is_active=True).exclude(email="")
    found = users.filter(pk__in=keys - {None})
    return found or users.filter(is_superuser=True)


def _moment(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")
