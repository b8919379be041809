"""Wagtail's user bar, which frontends include in previews so that the admin's content checks can see them.

The admin's side panel frames previews from another origin and cannot look into them. The user bar can: included in the
page, it runs the checks there and reports to the panel. A frontend includes it only in previews that are framed:

1. Fetch `GET {CMS}/userbar/` from the browser, without cookies. Only the origins of the sites' frontends get the bar.
2. Append the HTML to the body so that its scripts run, and in order::

       const html = await (await fetch(`${cms}/userbar/`)).text();
       const bar = document.createRange().createContextualFragment(html);
       for (const script of bar.querySelectorAll("script")) script.async = false;
       document.body.append(bar);

3. Allow the CMS's origin in the frontend's Content-Security-Policy: in `connect-src`, `script-src` and `style-src`.
   Nothing inline is needed.

The bar also answers the panel's messages about scrolling; a frontend without the bar answers them itself.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from wagtail.admin.userbar import ContentCheckerItem, Userbar

from frontend_api.introspection import Page
from frontend_api.visibility.sites import site_of_draft

from . import origins


class FrontendChecks(ContentCheckerItem):
    """Wagtail's content checks, which exchange messages with the given origins only."""

    def __init__(self, allowed_origins: list[str], *, in_editor: bool) -> None:
        super().__init__(in_editor=in_editor)
        self.allowed_origins = allowed_origins

    def get_axe_spec(self, request: HttpRequest) -> dict[str, Any]:
        """Add the origins with which the checks may exchange messages."""
        return {**super().get_axe_spec(request), "allowedOrigins": self.allowed_origins}


class PreviewUserbar(Userbar):
    """The user bar in a preview that the admin frames: hidden, with only the content checks."""

    template_name = "frontend_api/userbar.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Add the origin of the admin, to which the bar reports."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        return {**context, "origin": origins.cms_origin()}


@require_safe
def userbar(request: Any) -> HttpResponse:
    """Return the user bar to the frontends of sites, and status 403 to every other origin."""
    origin = request.headers.get("Origin", "")
    if origin in origins.frontend_origins():
        # A cross-origin frame has no admin session, so the bar is for an anonymous user and reveals nothing.
        request.user = AnonymousUser()
        request.in_preview_panel = True
        response = HttpResponse(PreviewUserbar().render_html({"request": request}))
        response["Access-Control-Allow-Origin"] = origin
    else:
        response = HttpResponse("The user bar is for the frontends of this CMS.\n", status=403)
        response["Content-Type"] = "text/plain; charset=utf-8"
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Origin"])
    return response


def check_content_of_frontend(request: Any, items: list[Any], page: Any) -> None:
    """Replace Wagtail's checks, which allow a single origin, with `FrontendChecks`; for `construct_wagtail_userbar`."""
    for place, item in enumerate(items):
        if isinstance(item, ContentCheckerItem):
            allowed = _previewed_at(request, page) if item.in_editor else [origins.cms_origin()]
            items[place] = FrontendChecks(allowed, in_editor=item.in_editor)


def _previewed_at(request: HttpRequest, page: Any) -> list[str]:
    """Return the origin, if any, at which the edited page is previewed; a page never saved has its parent's."""
    if isinstance(page, Page) and page.pk is None and request.resolver_match is not None:
        page = Page.objects.filter(pk=request.resolver_match.kwargs.get("parent_page_id")).first()
    site = site_of_draft(page) if isinstance(page, Page) else None
    return [origins.site_origin(site)] if site else []
