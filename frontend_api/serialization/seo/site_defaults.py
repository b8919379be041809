"""What a site says that stands in for what a page does not: a share image, a logo, a description, a publisher.

It is read once for a response. A response depends only on what it takes from it, so that another navigation or footer
makes no page old.
"""

from collections.abc import Mapping
from typing import Any

from wagtail.models import Locale

from frontend_api.changes.tags import column_tag, membership_tag, table
from frontend_api.introspection import Page
from frontend_api.serialization.deferred import EARLY, Need
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.site_settings import is_said_in, settings_of

from .said import one_line

ORGANISATION, DESCRIPTION = "organisation", "description"
LOGO, SHARE_IMAGE = "logo", "share_image"


class SiteDefaults:
    """The defaults of one site, as a perspective sees them."""

    def __init__(self, settings: list[Any], perspective: Perspective) -> None:
        self._settings = settings
        self._perspective = perspective

    def text(self, name: str) -> str:
        """Return a text, empty if no setting has it."""
        return one_line(self._get(name))

    def image(self, name: str) -> Any:
        """Return the primary key of an image, or None."""
        chosen = self._get(name)
        return getattr(chosen, "pk", chosen)

    def _get(self, name: str) -> Any:
        """Return what the first setting that knows `name` says, and note that the response depends on it."""
        setting = next((one for one in self._settings if hasattr(type(one), name)), None)
        if setting is None:
            return None
        model = type(setting)
        columns = {field.name: field for field in model._meta.concrete_fields}
        if name not in columns:
            # A property may read any of its columns, and what it queries is tracked as everything is.
            self._perspective.dependencies.tags.add(table(model))
            return getattr(setting, name)
        self._perspective.dependencies.tags |= {
            membership_tag(table(model)),
            column_tag(table(columns[name].model), columns[name].column),
        }
        return getattr(setting, columns[name].attname)


def defaults_of(perspective: Perspective, locale: Locale | None = None) -> SiteDefaults:
    """Return the defaults of the perspective's site in a language, or in its own where it says nothing in that one."""
    with perspective.dependencies.tracking_selection():
        if locale is not None and not is_said_in(locale, perspective):
            locale = None
        return SiteDefaults(settings_of(perspective.site, locale, perspective), perspective)


class Defaults:
    """Loads the defaults of the perspective's site in the languages of pages; the keys are those of locales."""

    turn = EARLY

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, SiteDefaults]:
        """Return the defaults, by the key of the locale."""
        # A change of a language invalidates every response, so this needs no tracking.
        with perspective.dependencies.untracked():
            others = Locale.objects.in_bulk(keys - {perspective.roots[0].locale_id})
        return {key: defaults_of(perspective, others.get(key)) for key in keys}


_DEFAULTS = Defaults()


def need_of_defaults(page: Page) -> Need:
    """Return the need for the defaults of the site in the language of a page."""
    return _DEFAULTS, page.locale_id
