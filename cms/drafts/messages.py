"""Tells an editor who saved a draft what it still needs, which the form does not mark because it was accepted."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin import messages

from cms.refusals import missing

from .completeness import CompleteWhenPublished, check_complete


def say_what_is_missing(request: Any, page: Any) -> None:
    """Add a message about what keeps a saved draft from being published.

    What the browser saves by itself is not answered with a page, and what is submitted was complete.
    """
    is_more = any(name.startswith("action-") for name in request.POST)
    if is_more or not request.accepts("text/html") or not isinstance(page, CompleteWhenPublished):
        return
    try:
        check_complete(page)
    except ValidationError as error:
        text = _("Before this can be published: %(missing)s") % {
            "missing": missing(error, type(page))
        }
        messages.warning(request, text)
