"""Keeps an expiry that has passed from standing in the way of what is done to a page or snippet afterwards.

Wagtail's form demands that every expiry is in the future, also one that has done its work. What is typed newly must
still be. A draft keeps a spent expiry; publishing removes it, because whoever publishes wants it to be read.
"""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminDraftStateFormMixin
from wagtail.models import Page, Revision
from wagtail.signals import published

MOST_VERSIONS = 50
"""How many revisions are asked whether they had the expiry that an older form holds."""

_wagtails_clean = WagtailAdminDraftStateFormMixin.clean


def _clean(self: Any) -> Any:
    """Stand in for the form's `clean`: look at the expiry only if it is ahead, or was typed now."""
    expire_at = self.cleaned_data.get("expire_at")
    spent = bool(expire_at) and expire_at < timezone.now() and _is_left(self, expire_at)
    if spent:
        # The object keeps what it has.
        del self.cleaned_data["expire_at"]
    cleaned = _wagtails_clean(self)
    if spent and not self.is_deferred_validation:
        self.cleaned_data["expire_at"] = None
        self.instance.removed_expiry = expire_at
    return cleaned


WagtailAdminDraftStateFormMixin.clean = _clean


def _is_left(form: Any, expire_at: datetime.datetime) -> bool:
    """Return whether an expiry in a form is one that the object has, or had when the form was opened."""
    before = form.initial.get("expire_at")
    if before is not None and _minute(before) == _minute(expire_at):
        return True
    if form.instance.pk is None:
        return False
    versions = Revision.objects.for_instance(form.instance).order_by("-created_at")
    kept = versions.values_list("content__expire_at", flat=True)[:MOST_VERSIONS]
    moments = (parse_datetime(str(text)) for text in kept if text)
    return any(moment and _minute(moment) == _minute(expire_at) for moment in moments)


def _minute(moment: datetime.datetime) -> datetime.datetime:
    # A form shows no seconds.
    return moment.replace(second=0, microsecond=0)


def say_what_was_removed(request: Any, instance: Any) -> None:
    """Add a message if the form removed a spent expiry from what was published or submitted."""
    expired = vars(instance).pop("removed_expiry", None)
    if expired is not None:
        when = date_format(timezone.localtime(expired), "DATETIME_FORMAT")
        text = _("Its expiry (%(when)s) had passed, and was removed.") % {"when": when}
        messages.warning(request, text)


def remove_spent_expiry(instance: Any, revision: Any, **kwargs: Any) -> None:
    """Remove a spent expiry from what was just published by an approval, a bulk action or code.

    Not from what is published on schedule: after a pause of the scheduler it is due to expire at once.
    """
    if instance.expire_at is None or revision is None or revision.approved_go_live_at:
        return
    if instance.expire_at < timezone.now():
        instance.expire_at = None
        unchecked = {"clean": False} if isinstance(instance, Page) else {}
        instance.save(update_fields=["expire_at"], **unchecked)


published.connect(remove_spent_expiry, dispatch_uid="cms.remove_spent_expiry")
