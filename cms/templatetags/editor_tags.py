"""What the templates of the editor need to know."""

from typing import Any

from django import template
from wagtail.models import Page

from frontend_api.previews import origins
from frontend_api.visibility.sites import site_of_draft

register = template.Library()


@register.simple_tag(takes_context=True)
def preview_origin(context: Any, previewed: Any) -> str:
    """Return the origin of the frontend in which something is previewed; "" if that is not in a frontend.

    A page that was never saved has no place in the tree yet; it will be below the page that its address names.
    """
    if not isinstance(previewed, Page):
        return ""
    place = previewed
    if not previewed.path:
        parent = context["request"].resolver_match.kwargs.get("parent_page_id")
        place = Page.objects.filter(pk=parent).first()
    site = site_of_draft(place) if place else None
    return origins.site_origin(site) if site else ""
