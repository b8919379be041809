"""An alias is on the website exactly while its original is, so nobody takes it off alone."""

from typing import Any

from wagtail.models import PagePermissionTester


class GoesWithOriginal(PagePermissionTester):
    """What somebody may do with a page of this site."""

    def can_unpublish(self) -> bool:
        """Return whether they may take the page off the website."""
        return bool(super().can_unpublish()) and not goes_with_original(self.page)


def goes_with_original(page: Any) -> bool:
    """Return whether a page is an alias of one that is published."""
    return bool(page.alias_of_id and page.live and page.alias_of.live)
