"""What a page model needs so that it is previewed in the frontend: one mixin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from wagtail_headless_preview.models import HeadlessPreviewMixin, get_client_root_url_from_site

from .perspective import site_of_draft


class HeadlessPage(HeadlessPreviewMixin):
    """Previews a page in the frontend of its own site; it stands before `Page` among the bases of a page model."""

    def get_client_root_url(self, request: HttpRequest) -> str:
        """Return the address of the frontend's preview, on the page's own site and not on the request's."""
        site = site_of_draft(self)
        return str(get_client_root_url_from_site(site)) if site else ""

    def serve_preview(self, request: HttpRequest, preview_mode: str) -> HttpResponse:
        """Redirect to the preview in the frontend, or say why there is none."""
        if site_of_draft(self) is None:
            return TemplateResponse(request, "frontend_api/no_site.html")
        response: Any = super().serve_preview(request, preview_mode)
        return response
