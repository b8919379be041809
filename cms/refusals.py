"""Turns whatever cannot be saved or published into a message to the user, everywhere in the admin.

A page's form reports what is wrong with each of its fields. Other ways of changing pages do not: a workflow approval, a
bulk action, two requests at the same moment. There Wagtail lets the exception through, which is a server error.
"""

import logging
from typing import Any

from django.contrib.messages import get_messages
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import IntegrityError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page

from cms.storage_errors import MediaUnreachableError
from frontend_api.changes.middleware import RecordChanges

logger = logging.getLogger(__name__)

# PostgreSQL's codes for giving up: a serialisation failure, a deadlock, a lock timeout and a statement timeout.
GAVE_UP = {"40001", "40P01", "55P03", "57014"}


class RecordOrRefuse(RecordChanges):
    """Makes each unsafe request one transaction, and turns what the admin could not save into a message."""

    def refused(self, request: Any, error: Exception) -> HttpResponse | None:
        """Return to where the editor came from with a message about what was wrong; None leaves the error to Django."""
        is_of_admin = request.path.startswith(reverse("wagtailadmin_home"))
        if request.method != "POST" or not is_of_admin or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        page = Page.objects.filter(pk=match.kwargs.get("page_id")).first()
        text = _refusal(error, page)
        if text is None:
            return None
        logger.warning("Refused: %s %s", request.path, error, exc_info=error)
        # Discard the view's own messages: what they report was rolled back.
        list(get_messages(request))
        is_modal = match.url_name == "workflow_action"
        if not request.accepts("text/html"):
            # The form in which Wagtail itself answers requests that save in the background.
            told = {"success": False, "error_code": "refused", "error_message": text}
            return JsonResponse(told, status=400)
        messages.error(request, text)
        back = get_valid_next_url_from_request(request) or (
            reverse(f"{match.namespace}:edit", args=[*match.kwargs.values()][:1])
            if is_modal
            else request.get_full_path()
        )
        if is_modal and request.headers.get("x-requested-with") == "XMLHttpRequest":
            return JsonResponse({"step": "success", "redirect": back})
        return redirect(back)


def _refusal(error: Exception, page: Page | None) -> str | None:
    """Return the message for an error, or None if it is a fault of the service."""
    if isinstance(error, ValidationError):
        model = page.specific_class if page else None
        return _("Nothing was changed. %(missing)s") % {"missing": missing(error, model)}
    if isinstance(error, IntegrityError):
        return _(
            "Nothing was changed, because something that this names was added, changed or deleted at the same moment. "
            "Go back to find what you wrote, copy it, and try again on a page that you have reloaded."
        )
    if isinstance(error, OperationalError) and _gave_up(error):
        return _(
            "Nothing was changed, because something else was being saved for too long. Go back to find what you wrote, "
            "and try again in a moment."
        )
    if isinstance(error, MediaUnreachableError):
        return _(
            "Nothing was changed, because the file could not be stored: the place of files does not answer. "
            "Go back to find what you wrote, and try again in a moment; if it goes on, tell whoever runs the CMS."
        )
    return None


def _gave_up(error: OperationalError) -> bool:
    code = getattr(error.__cause__, "sqlstate", None)
    return code in GAVE_UP or "database is locked" in str(error)


def missing(error: ValidationError, model: Any) -> str:
    """Return what is wrong, field by field: `Body: Write an article. Title: This field is required.`"""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(
        f"{_label(name, model)}{' '.join(found)}" for name, found in error.message_dict.items()
    )


def _label(name: str, model: Any) -> str:
    if name == NON_FIELD_ERRORS or model is None:
        return ""
    try:
        return f"{capfirst(model._meta.get_field(name).verbose_name)}: "
    except (AttributeError, FieldDoesNotExist):
        return ""
