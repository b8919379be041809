"""The name and the logo under which the admin appears: the organisation's, from the settings of its site."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from wagtail.models import Site

from cms.models import SiteSettings

register = template.Library()

# PNG, because it may be transparent and every browser and mail program shows it.
LOGO = "max-400x200|format-png"
ICON = "max-64x64|format-png"


@dataclass(frozen=True)
class Brand:
    """Whose CMS this is; `logo` is None without one, and `icon` is a neutral mark then."""

    name: str
    logo: str | None
    icon: str


@register.simple_tag(takes_context=True)
def brand(context: template.Context) -> Brand:
    """Return the brand of the site that the request belongs to, or of the default one."""
    request = context.get("request")
    found: Brand | None = getattr(request, "_cms_brand", None)
    if found is None:
        found = _brand_of(_site(request))
        if request is not None:
            request._cms_brand = found
    return found


def _site(request: Any) -> Site | None:
    if request is None:
        site: Site | None = Site.objects.filter(is_default_site=True).first()
        return site
    return Site.find_for_request(request)


def _brand_of(site: Site | None) -> Brand:
    kept: Any = site and (
        SiteSettings.objects.filter(site=site, locale=site.root_page.locale_id, live=True)
        .select_related("logo")
        .first()
    )
    name = (kept and kept.organisation) or settings.WAGTAIL_SITE_NAME
    logo = _picture(kept.logo, LOGO) if kept and kept.logo else None
    icon = _picture(kept.logo, ICON) if kept and kept.logo else None
    return Brand(name, logo, icon or static("cms/mark.svg"))


def _picture(image: Any, rendition: str) -> str | None:
    """Return the address of a picture, or None if its file cannot be read, which keeps nobody out."""
    found = image.get_rendition(rendition)
    # Without a file that can be read there is one without a size.
    return str(found.url) if found.width else None
