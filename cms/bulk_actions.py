"""Bulk actions on pages that name what is left as it is, and take only what the list shows."""

from collections.abc import Iterable
from copy import copy
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.http import QueryDict
from django.shortcuts import get_list_or_404, get_object_or_404, redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions import (
    DeleteBulkAction,
    MoveBulkAction,
    UnpublishBulkAction,
)
from wagtail.admin.views.pages.listing import IndexView
from wagtail.models import Page

from cms.large_sections import is_large, too_large
from cms.leaving.bulk import AsksWhatReadersFindOfSeveral
from cms.original import goes_with_original

MOST_NAMED = 10
"""How many pages get a message of their own; the others are only counted."""
LONGEST_KEY = 18
MOST = 300
"""How many pages a bulk action takes at once: each is listed, and done, in one request and one transaction."""


class TooManyPages(Exception):
    """More pages are chosen, or are below those, than a bulk action takes; its text says so to editors."""


class NamesWhatIsLeft:
    """Says of each chosen page on which the action may not be done that it is left as it is."""

    request: Any
    next_url: str
    action_type: str
    of_those_below: ClassVar[dict[str, Any]] = {}
    """Which of the pages below are done with those that are chosen."""
    cleaned_form: Any
    left: Iterable[Page] = ()

    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        """Lead back with a sentence where more pages are chosen than can be done at once."""
        try:
            return super().dispatch(*args, **kwargs)  # type: ignore[misc]
        except TooManyPages as error:
            messages.error(self.request, str(error))
            return redirect(self.next_url)

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Iterable[Any]) -> Any:
        """Return the chosen pages; what is no key of a page is passed over. Raises `TooManyPages`."""
        keys = {key for key in map(str, object_ids) if _is_key(key)}
        if len(keys) > MOST:
            text = _(
                "More than %d pages are chosen, and so many cannot be done at once. Nothing is changed. Choose fewer, "
                "or filter the list first."
            )
            raise TooManyPages(text % MOST)
        return get_list_or_404(model.objects.order_by("path"), pk__in=keys)

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Any:
        """Return the keys of what the list shows; of a list of one type, Wagtail takes all pages that there are.

        One more than can be done at once is enough to know that there are too many.
        """
        address = urlsplit(self.next_url)
        try:
            found = resolve(address.path).func
        except Resolver404:
            found = None
        view_class = getattr(found, "view_class", None)
        if view_class is None or not issubclass(view_class, IndexView):
            if parent_id is not None:
                get_object_or_404(Page, pk=parent_id if _is_key(parent_id) else None)
            return super().get_all_objects_in_listing_query(parent_id)[: MOST + 1]  # type: ignore[misc]
        view = view_class(**found.view_initkwargs)  # type: ignore[union-attr]
        request = copy(self.request)
        request.GET = QueryDict(address.query)
        view.setup(request)
        return [page.pk for page in view.get_queryset()[: MOST + 1]]

    def prepare_action(self, objects: list[Page], objects_without_access: Any) -> Any:
        """Remember what the action is not done on. Raises `TooManyPages` where too many go with the others."""
        self.left = objects_without_access["items_with_no_access"]
        goes_below = self.cleaned_form.cleaned_data.get("include_descendants")
        if goes_below and is_large(objects, **self.of_those_below):
            raise TooManyPages(too_large())
        return super().prepare_action(objects, objects_without_access)  # type: ignore[misc]

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """Name what was left, and return a message about the others, if any."""
        left = list(self.left)
        for page in left[:MOST_NAMED]:
            text = self._why(page) % {"title": page.specific_deferred.get_admin_display_title()}
            messages.warning(self.request, text)
        more = len(left) - MOST_NAMED
        if more > 0:
            text = ngettext(
                "%d more page is left as it is.", "%d more pages are left as they are.", more
            )
            messages.warning(self.request, text % more)
        if not num_parent_objects and not num_child_objects:
            return None
        message: str = super().get_success_message(num_parent_objects, num_child_objects)  # type: ignore[misc]
        return message

    def _why(self, page: Page) -> str:
        if self.action_type == "unpublish" and not page.live:
            return _("“%(title)s” is left as it is: it is not published.")
        if self.action_type == "unpublish" and goes_with_original(page):
            return _("“%(title)s” shows another page, and is unpublished with that one alone.")
        if self.action_type == "delete" and page.numchild:
            return _("“%(title)s” is left as it is: there are pages below it.")
        return _("“%(title)s” is left as it is: you may not do this with it.")


class UnpublishNamedBulkAction(NamesWhatIsLeft, AsksWhatReadersFindOfSeveral, UnpublishBulkAction):
    """Unpublishes pages, each once."""

    template_name = "cms/leaving/confirm_bulk_unpublish.html"
    is_for_good = False
    of_those_below: ClassVar = {"live": True}

    @classmethod
    def execute_action(
        cls, objects: list[Page], include_descendants: bool = False, **kwargs: Any
    ) -> Any:
        """Unpublish the pages; return how many of them, and how many below them."""
        chosen = topmost(objects) if include_descendants else objects
        return super().execute_action(chosen, include_descendants=include_descendants, **kwargs)


class DeleteNamedBulkAction(NamesWhatIsLeft, AsksWhatReadersFindOfSeveral, DeleteBulkAction):
    """Deletes pages, each once."""

    template_name = "cms/leaving/confirm_bulk_delete.html"
    is_for_good = True

    def get_actionable_objects(self) -> Any:
        """Return what is deleted, and what is not. Raises `TooManyPages` where too many are below."""
        objects, others = super().get_actionable_objects()
        if is_large(objects):
            raise TooManyPages(too_large())
        return objects, others

    @classmethod
    def execute_action(cls, objects: list[Page], **kwargs: Any) -> Any:
        """Delete the pages; return how many of them, and how many below them."""
        return super().execute_action(topmost(objects), **kwargs)


class MoveNamedBulkAction(NamesWhatIsLeft, MoveBulkAction):
    """Moves pages."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Pass the form no destination that is no key of a page: Wagtail could not show it again."""
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if "data" in kwargs and not _is_key(kwargs["data"].get("chooser", "")):
            kwargs["data"] = {**kwargs["data"].dict(), "chooser": ""}
        return kwargs


def topmost(pages: Iterable[Page]) -> list[Page]:
    """Return the pages that are below none of the others: an action on those is one on all."""
    found: list[Page] = []
    for page in sorted(pages, key=lambda page: page.path):
        if not found or not page.path.startswith(found[-1].path):
            found.append(page)
    return found


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY
