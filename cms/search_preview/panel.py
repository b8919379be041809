"""The panel of a page's form that shows the page as search engines and those who share it do."""

from typing import Any

from django.forms import Media
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.admin.staticfiles import versioned_static
from wagtail.models import Page, Site

from frontend_api.images.uses import SHARE
from frontend_api.serialization.images import image_part
from frontend_api.serialization.resolver import resolve
from frontend_api.serialization.seo.declaration import meanings_of
from frontend_api.serialization.seo.site_defaults import DESCRIPTION, SHARE_IMAGE, defaults_of
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.sites import default_site, site_of_draft

# How many characters search engines usually show.
LONGEST_TITLE, LONGEST_DESCRIPTION = 60, 160


class SearchPreviewPanel(Panel):
    """Shows how the page looks in a search result and when shared, with counters; nothing is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("How it looks when found or shared"), **kwargs})

    @property
    def clean_name(self) -> str:
        """The name by which the form's minimap and scripts know the panel."""
        return "search_preview"

    class BoundPanel(Panel.BoundPanel):
        """The panel of one page."""

        template_name = "cms/search_preview.html"

        @property
        def media(self) -> Media:
            """The script and the styles."""
            return Media(
                js=[versioned_static("cms/search-preview.js")],
                css={"all": [versioned_static("cms/search-preview.css")]},
            )

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Return what the script cannot read from the form: the address, and what the site says."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {
                **context,
                "longest_title": LONGEST_TITLE,
                "longest_description": LONGEST_DESCRIPTION,
                "preview": preview_of(self.instance, getattr(self.form, "parent_page", None)),
            }


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
    defaults = defaults_of(perspective)
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
