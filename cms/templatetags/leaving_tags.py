"""Puts the question what readers find into a form of Wagtail that has no place for it."""

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# What every form that changes something begins with.
BEGINNING = '<input type="hidden" name="csrfmiddlewaretoken"'


@register.filter
def beginning_with(page: SafeString, fields: SafeString) -> SafeString:
    """Return a page with `fields` at the beginning of its form."""
    before, beginning, after = page.partition(BEGINNING)
    return mark_safe(f"{before}{fields}{beginning}{after}" if beginning else page)
