"""What the form of a page does not show of how the page is found and shared: its address, and what its site says."""

from typing import Any

from wagtail.models import Page, Site

from frontend_api.images.uses import SHARE
from frontend_api.serialization.images import image_part
from frontend_api.serialization.resolver import resolve
from frontend_api.serialization.seo.declaration import meanings_of
from frontend_api.serialization.seo.site_defaults import DESCRIPTION, SHARE_IMAGE, defaults_of
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.sites import default_site, site_of_draft


def preview_of(page: Any, parent: Page | None) -> dict[str, Any]:
    """Return what of a page its form does not show; `parent` is the page below which it is or will be."""
    meanings = meanings_of(type(page))
    known: dict[str, Any] = {
        "description_field": meanings.description,
        "image_field": meanings.image,
        "hidden_field": meanings.noindex,
        "elsewhere_field": meanings.elsewhere,
    }
    place = page if page.pk else parent
    site = (place and site_of_draft(place)) or default_site()
    if site is None:
        return known
    perspective = Perspective(site)
    is_elsewhere = place is not None and place.locale_id != site.root_page.locale_id
    defaults = defaults_of(perspective, place.locale if place and is_elsewhere else None)
    own = getattr(page, page._meta.get_field(meanings.image).attname) if meanings.image else None
    (image, shared), _loaded = resolve(
        [image_part(key, SHARE) for key in (own, defaults.image(SHARE_IMAGE))], perspective
    )
    return {
        **known,
        "site_name": site.site_name or site.hostname,
        "address": _address(page, parent, site, perspective),
        "has_slug": page.pk != site.root_page_id,
        "default_description": defaults.text(DESCRIPTION),
        "image_id": image["id"] if image else "",
        "image_url": image["src"] if image else "",
        "default_image_url": shared["src"] if shared else "",
    }


def _address(page: Any, parent: Page | None, site: Site, perspective: Perspective) -> str:
    """Return the address of the page without its slug, which one may be typing."""
    if page.pk == site.root_page_id:
        return f"{site.root_url}/"
    above = page.get_parent() if page.pk else parent
    return f"{perspective.html_url(above).rstrip('/')}/" if above else f"{site.root_url}/"
