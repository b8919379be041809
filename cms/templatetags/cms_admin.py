"""Tags of the admin's templates that are changed here."""

from typing import Any

from django import template

from cms.bulk_bar import allowed

register = template.Library()


@register.simple_tag(takes_context=True)
def allowed_bulk_actions(context: Any, instance: Any) -> str | None:
    """Return the types of the bulk actions that the user may do on an object, or None where the user is not known."""
    request = context.get("request")
    return None if request is None else " ".join(allowed(request, instance))
