"""Finds a site by what operators call it."""

import re

from wagtail.models import Site

from cms.transfer.backups.archive import BackupError


def site_named(name: str) -> Site:
    """Return the site with this `hostname` or `hostname:port`, or the default one for an empty name."""
    host, _, port = name.partition(":")
    found = (
        Site.objects.filter(hostname=host) if name else Site.objects.filter(is_default_site=True)
    )
    if port:
        found = found.filter(port=port) if re.fullmatch(r"[0-9]{1,5}", port) else found.none()
    sites = list(found[:2])
    if len(sites) != 1:
        names = ", ".join(f"{site.hostname}:{site.port}" for site in Site.objects.all())
        raise BackupError(
            f"There is no one site {name or 'by default'}; there are: {names or 'none'}."
        )
    return sites[0]
