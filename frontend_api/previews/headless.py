"""The mixin that makes the previews of a page model open in the frontend."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from wagtail_headless_preview.models import HeadlessPreviewMixin, get_client_root_url_from_site
from wagtail_headless_preview.signals import preview_update

from frontend_api.visibility.sites import site_of_draft

from . import credentials, typed_drafts


class HeadlessPage(HeadlessPreviewMixin):
    """Opens previews in the frontend of the page's own site; list it before `Page` in the bases of a page model."""

    def get_client_root_url(self, request: HttpRequest) -> str:
        """Return the frontend's preview address for the page's own site, not the request's; "" outside every site."""
        site = site_of_draft(self)
        return str(get_client_root_url_from_site(site)) if site else ""

    def serve_preview(self, request: Any, preview_mode: str) -> HttpResponse:
        """Redirect to the preview in the frontend, or explain that the page belongs to no site.

        Raises `PermissionDenied` if the user is not logged in.
        """
        if not request.user.is_authenticated:
            raise PermissionDenied
        response: HttpResponse
        if self.get_client_root_url(request):
            token = typed_drafts.keep(self, request.user, request.session.session_key)
            preview_update.send(sender=HeadlessPreviewMixin, token=token)
            response = HttpResponseRedirect(self.get_preview_url(request, token))
        else:
            response = TemplateResponse(request, "frontend_api/no_site.html")
        for name, value in credentials.HEADERS.items():
            response[name] = value
        return response
