"""Finds the site that a page belongs to by its place in the tree."""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Site
from wagtail.signals import post_page_move

from frontend_api.introspection import Page

from . import unit_of_work

_HOMES = "homes of sites"

Homes = list[tuple[int, str, Any]]


def has_translated_homes() -> bool:
    """Return whether the translations of a site's home page are homes of the site, too, as in Wagtail."""
    return bool(getattr(settings, "WAGTAIL_I18N_ENABLED", False))


def site_of(page: Page) -> int | None:
    """Return the id of the site in whose tree a page is, or in a translation of it; None if it is in none."""
    homes = _homes()
    found = next((key for key, path, _ in homes if page.path.startswith(path)), None)
    if found is not None or not has_translated_homes():
        return found
    steps = range(Page.steplen, len(page.path) + 1, Page.steplen)
    above = Page.objects.filter(path__in=[page.path[:end] for end in steps])
    keys = set(above.order_by().values_list("translation_key", flat=True))
    return next((key for key, _, translated in homes if translated in keys), None)


def is_home(page: Page) -> bool:
    """Return whether a page is the home page of a site, or a translation of one."""
    homes = _homes()
    if any(path == page.path for _, path, _ in homes):
        return True
    return has_translated_homes() and any(key == page.translation_key for _, _, key in homes)


def _homes() -> Homes:
    """Return the sites with the places of their homes, which a transaction reads once: each child of a page asks."""
    unit = unit_of_work.current()
    return _read() if unit is None else unit.known(_HOMES, _read)


def _read() -> Homes:
    sites = Site.objects.order_by("-root_page__depth", "-is_default_site", "pk")
    return list(sites.values_list("pk", "root_page__path", "root_page__translation_key"))


@receiver(post_page_move)
@receiver(post_save, sender=Site)
@receiver(post_delete, sender=Site)
def forget_homes(**kwargs: Any) -> None:
    """Read them again after a site was changed or pages were moved, and with them perhaps a home."""
    unit = unit_of_work.current()
    if unit is not None:
        unit.forget(_HOMES)
