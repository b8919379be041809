"""Bounds how many pages are shown at once to be sorted by hand.

Wagtail shows all of them in one list, to drag them, which for 20,000 takes minutes and more memory than a server has.
"""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.listing import ExplorableIndexView

MOST = 300
"""How many pages below one can be sorted by hand; a list of so many takes a second or two."""


class BoundedExplorerView(ExplorableIndexView):
    """The pages below one: where there are too many to drag, their order is shown page by page, with a sentence."""

    @cached_property
    def is_too_long(self) -> bool:
        """Whether the pages are asked for as they are sorted by hand, and are too many for that."""
        return self.ordering == self.sort_order_field and self.parent_page.numchild > MOST

    @cached_property
    def show_ordering_column(self) -> bool:
        """Whether pages can be dragged; Wagtail then shows all of them."""
        return bool(super().show_ordering_column) and not self.is_too_long

    def get_context_data(self, **kwargs: Any) -> Any:
        """Return what the list shows, after saying why nothing can be dragged."""
        if self.is_too_long and not self.results_only:
            text = _(
                "“%(title)s” has %(count)d pages below it. Up to %(most)d can be sorted by hand, so these are only "
                "shown in their order. To sort them, move some below a page of their own."
            )
            names = {
                "title": self.parent_page.get_admin_display_title(),
                "count": self.parent_page.numchild,
                "most": MOST,
            }
            messages.warning(self.request, text % names)
        return super().get_context_data(**kwargs)
