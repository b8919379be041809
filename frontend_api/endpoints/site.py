"""`site/`: what every page of a site needs, from the settings and snippets of the site that content apps declare."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.models import Locale

from frontend_api.changes import surrogate_keys
from frontend_api.serialization.objects import represent
from frontend_api.visibility.site_settings import is_said_in, settings_of
from frontend_api.visibility.translations import name_of, public_homes

from . import parameters
from .base import DETAIL_PARAMETERS, ApiView
from .draft_state import editable
from .locale_parameter import falls_back, locale_named

PARAMETERS = (DETAIL_PARAMETERS - {"fields"}) | {"fallback", "locale"}


class SiteView(ApiView):
    """Show the site's name, address and languages, and the `api_fields` of every setting and snippet of a site.

    {"name": "HDF", "root_url": "https://www.example.org", "locales": […], "organisation": "HDF", "navigation": […],
     "meta": {"locale": "en-gb", "tag_of_everything": "b0T5ufDHzF"}}
    """

    def get(self, request: Request) -> Response:
        """Return the site that the request names, or the default site; raises `NotFound` if it lacks the language."""
        parameters.check(request.GET, PARAMETERS)
        asked, fallback = locale_named(request.GET), falls_back(request.GET)
        site = self.perspective.site
        homes = public_homes(self.perspective)
        locale = self._given(asked, homes, fallback)
        shown: dict[str, Any] = {
            "name": site.site_name or site.hostname,
            "root_url": site.root_url,
            "locales": [
                {
                    "code": home.locale.language_code,
                    "name": name_of(home.locale),
                    "html_url": self.perspective.html_url(home),
                    "is_default": home.pk == site.root_page_id,
                }
                for home in homes
            ],
        }
        parts = []
        for setting in settings_of(site, locale, self.perspective):
            form = represent(setting, self.perspective)
            own = {name: value for name, value in form.items() if name not in {"id", "meta"}}
            shown.update(own)
            parts.append((setting, own))
        meta = {"locale": locale.language_code, "tag_of_everything": surrogate_keys.of_everything()}
        return self.respond(editable({**shown, "meta": meta}, parts, self.perspective))

    def _given(self, asked: Locale | None, homes: list[Any], fallback: bool) -> Locale:
        """Return the language to give: the one asked for, or the site's own."""
        own: Locale = self.perspective.site.root_page.locale
        if asked is None or asked == own:
            return own
        if not any(home.locale_id == asked.pk for home in homes):
            if fallback:
                return own
            raise NotFound(f"This site has no home page in {asked.language_code}.")
        if fallback and not is_said_in(asked, self.perspective):
            return own
        return asked
