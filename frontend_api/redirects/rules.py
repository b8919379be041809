"""What cannot be saved as a redirect, each with a sentence that says why."""

from collections.abc import Collection
from typing import Any
from urllib.parse import SplitResult

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.models import Site

from frontend_api.dependencies.tracker import Dependencies

from .addresses import Address, homes_above
from .following import MOST_STEPS, site_at, split
from .leads import Lead, in_any_case, lead_at
from .paths import (
    LONGEST,
    is_readable,
    stored_form,
    stored_forms,
    with_query,
    without_doubled_slashes,
)


def check_path(path: str) -> None:
    """Raise `ValidationError` for a path that cannot be stored."""
    if not is_readable(path):
        raise ValidationError(_("This is no path. Write one such as /about/us."))
    plain, _sign, query = path.partition("?")
    if len(stored_form(plain, query)) > LONGEST:
        raise ValidationError(
            _("This path is too long. A redirect has %(most)d characters at most.")
            % {"most": LONGEST}
        )


def check_redirect(redirect: Any) -> None:
    """Raise `ValidationError` for a redirect that leads nowhere, or back to where it begins."""
    if redirect.redirect_page_id is None and not redirect.redirect_link:
        raise ValidationError(_("Choose the page, or write the address, that this leads to."))
    sites = [redirect.site] if redirect.site_id else list(Site.objects.select_related("root_page"))
    for site in sites:
        if _leads_back(redirect, site):
            raise ValidationError(
                _("This leads back to where it begins. Lead it to another page or address.")
            )


def leads_into(link: str, addresses: Collection[Address]) -> bool:
    """Return whether an address, or where it leads on, is one of `addresses`."""
    site = Site.objects.filter(is_default_site=True).first() or Site.objects.first()
    query = ""
    lead: Lead | None = Lead(link=link)
    for _step in range(MOST_STEPS):
        if lead is None or not lead.link or site is None:
            return False
        parts = split(with_query(lead.link, query))
        site = None if parts is None else site_at(parts, site)
        if parts is None or site is None:
            return False
        if any(Address(site.pk, form) in addresses for form in stored_forms(_path(parts))):
            return True
        query = parts.query
        lead = lead_at(site, _path(parts), query, Dependencies())
    return True


def _leads_back(redirect: Any, site: Site) -> bool:
    if redirect.redirect_page_id is not None:
        page = redirect.redirect_page
        return any(
            _is_from(redirect, stored_forms(root.path_of(page.url_path)))
            for perspective, root in homes_above(page.path)
            if perspective.site == site
        )
    path, query = redirect.old_path.partition("?")[::2]
    lead: Lead | None = Lead(link=redirect.redirect_link, names_query=bool(query))
    for _step in range(MOST_STEPS):
        if lead is None or not lead.link:
            return False
        parts = split(with_query(lead.link, "" if lead.names_query else query))
        found = None if parts is None else site_at(parts, site)
        if parts is None or found is None:
            return False
        site, path, query = found, _path(parts), parts.query
        # Where it is another site, the redirect begins there too only if it is one of all sites.
        is_ours = redirect.site_id in (None, site.pk)
        if is_ours and _is_from(redirect, stored_forms(path, query)):
            return True
        lead = lead_at(site, path, query, Dependencies())
        if lead is not None and lead.key is not None and lead.key == redirect.pk:
            # What is stored of this redirect is about to be replaced.
            return False
    # So many of them are as good as a circle, for whoever has to follow.
    return True


def _path(parts: SplitResult) -> str:
    return without_doubled_slashes(parts.path or "/")


def _is_from(redirect: Any, forms: list[str]) -> bool:
    old = redirect.old_path
    if in_any_case():
        return old.casefold() in {form.casefold() for form in forms}
    return old in forms
