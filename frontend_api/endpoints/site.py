"""`site/`: what every page of a site needs, from the site settings that content apps declare."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from frontend_api.serialization.objects import represent
from frontend_api.visibility.site_settings import settings_of

from . import parameters
from .base import DETAIL_PARAMETERS, ApiView

PARAMETERS = DETAIL_PARAMETERS - {"fields"}


class SiteView(ApiView):
    """Show the site's name and address, and the `api_fields` of every site setting.

    {"name": "HDF", "root_url": "https://www.example.org", "organisation": "HDF", "navigation": […]}
    """

    def get(self, request: Request) -> Response:
        """Return the site that the request names, or the default site."""
        parameters.check(request.GET, PARAMETERS)
        site = self.perspective.site
        shown: dict[str, Any] = {"name": site.site_name or site.hostname, "root_url": site.root_url}
        for setting in settings_of(site):
            form = represent(setting, self.perspective)
            shown.update(
                (name, value) for name, value in form.items() if name not in {"id", "meta"}
            )
        return self.respond(shown)
