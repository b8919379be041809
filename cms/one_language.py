"""Asks nothing about translations where there is one language: Wagtail would ask it of each page in a list."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Value
from django.http import HttpRequest
from wagtail.admin.views.pages.listing import IndexView
from wagtail.models import Page


def annotated(pages: Any) -> Any:
    """Return pages that know that there is nothing to translate them into, where that is so."""
    if settings.WAGTAIL_I18N_ENABLED:
        # Wagtail finds it out for all pages together.
        return pages
    # The name is Wagtail's; without it, the button "Translate" takes a query of its own.
    return pages.annotate(_has_untranslated_locale=Value(False))


def annotate_explorer(parent: Page, pages: QuerySet[Any], request: HttpRequest) -> Any:
    """Ask nothing in the explorer."""
    return annotated(pages)


class PageIndexView(IndexView):
    """A list of pages that asks nothing about translations where there is one language."""

    def annotate_queryset(self, pages: Any) -> Any:
        """Return the pages with what their rows show."""
        return annotated(super().annotate_queryset(pages))
