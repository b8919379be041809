"""The mixins that make the previews of a page model, and of a snippet that belongs to a site, open in the frontend."""

import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from wagtail.models import Site
from wagtail_headless_preview.models import (
    HeadlessPreviewMixin,
    PagePreview,
    get_client_root_url_from_site,
)
from wagtail_headless_preview.signals import preview_update

from frontend_api.introspection import SiteContent
from frontend_api.visibility.sites import site_of_draft

from . import credentials, typed_drafts


class _OnItsSite(HeadlessPreviewMixin):
    """Opens previews in the frontend of a site that the object itself names."""

    def _site_of_preview(self) -> Site | None:
        raise NotImplementedError

    def get_client_root_url(self, request: HttpRequest) -> str:
        """Return the preview address of the frontend of its own site, not the request's; "" outside every site."""
        site = self._site_of_preview()
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


class HeadlessPage(_OnItsSite):
    """Opens previews in the frontend of the page's own site; list it before `Page` in the bases of a page model."""

    def _site_of_preview(self) -> Site | None:
        return site_of_draft(self)


class HeadlessSiteContent(SiteContent, _OnItsSite):
    """Opens previews of a snippet at the home page of its site, with what it says as it is typed.

    List it before `PreviewableMixin` in the bases of the model, which is a `ClusterableModel` with a field `site`.
    """

    site: Site
    serializable_data: Any

    def _site_of_preview(self) -> Site | None:
        return self.site

    def update_page_preview(self, token: str) -> Any:
        """Store it as it is typed, in the form that wagtail-headless-preview has for pages."""
        kind = ContentType.objects.get_for_model(type(self))
        content = {**self.serializable_data(), "content_type": kind.pk}
        return PagePreview.objects.update_or_create(
            token=token,
            defaults={
                "content_type": kind,
                "content_json": json.dumps(content, cls=DjangoJSONEncoder),
            },
        )
