"""Finds the site that a page belongs to by its place in the tree."""

from django.conf import settings
from wagtail.models import Site

from frontend_api.introspection import Page


def has_translated_homes() -> bool:
    """Return whether the translations of a site's home page are homes of the site, too, as in Wagtail."""
    return bool(getattr(settings, "WAGTAIL_I18N_ENABLED", False))


def site_of(page: Page) -> int | None:
    """Return the id of the site in whose tree a page is, or in a translation of it; None if it is in none."""
    sites = Site.objects.order_by("-root_page__depth", "-is_default_site", "pk")
    homes = list(sites.values_list("pk", "root_page__path", "root_page__translation_key"))
    found = next((key for key, path, _ in homes if page.path.startswith(path)), None)
    if found is not None or not has_translated_homes():
        return found
    steps = range(Page.steplen, len(page.path) + 1, Page.steplen)
    above = Page.objects.filter(path__in=[page.path[:end] for end in steps])
    keys = set(above.order_by().values_list("translation_key", flat=True))
    return next((key for key, _, translated in homes if translated in keys), None)
