"""Where a user may add insights."""

from typing import Any

from wagtail.models import Site

from insights.models import InsightIndexPage


def lists_for(user: Any) -> list[InsightIndexPage]:
    """Return the lists of insights to which a user may add one, that of the default site first."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    home = site.root_page.path if site else ""
    found = [
        index
        for index in InsightIndexPage.objects.filter(alias_of=None).order_by("path")
        if index.permissions_for_user(user).can_add_subpage()
    ]
    return sorted(found, key=lambda index: not index.path.startswith(home))


def may_add(user: Any) -> bool:
    """Return whether a user may add an insight anywhere."""
    return bool(lists_for(user))
