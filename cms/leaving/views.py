"""The views that delete and unpublish a page, with the question what readers find then."""

from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.views.pages.delete import DeleteView
from wagtail.models import Page

from cms.large_sections import is_large, too_large
from frontend_api.redirects.ending import ending

from .forms import LeavingForm


class AsksWhatReadersFind:
    """Asks in the form of the view, and does what was chosen once the view has done its own."""

    request: Any
    is_for_good: bool

    def ending_pages(self) -> list[Page]:
        """Return the pages that the view is about to take from readers, with all below them."""
        raise NotImplementedError

    def is_large(self) -> bool:
        """Return whether there are too many pages below."""
        raise NotImplementedError

    def instead(self) -> str:
        """Return where to lead whoever cannot do it, since too many pages are below."""
        return str(self.request.get_full_path())

    def refused(self) -> HttpResponse:
        """Lead there, with a sentence."""
        messages.error(self.request, too_large())
        return redirect(self.instead())

    def has_ended(self) -> bool:
        """Return whether the view has done so."""
        raise NotImplementedError

    @cached_property
    def leaving_form(self) -> LeavingForm:
        """The question, as it was answered if it was."""
        data = self.request.POST if self.request.method == "POST" else None
        # Asked while readers still see the pages.
        return LeavingForm(data, ending=ending(self.ending_pages()), is_for_good=self.is_for_good)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the question, if there is anything that readers would miss."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        form = self.leaving_form
        return context | {"leaving_form": form if form.ending.addresses else None}

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Show the form again if it cannot be done as chosen; else do it."""
        if self.is_large():
            return self.refused()
        form = self.leaving_form
        if not form.is_valid():
            return self.render_to_response(self.get_context_data())  # type: ignore[attr-defined]
        response = super().post(request, *args, **kwargs)  # type: ignore[misc]
        if self.has_ended():
            form.finish(form.ending)
        return response


class AskingDeleteView(AsksWhatReadersFind, DeleteView):
    """Deletes a page, and all below it."""

    template_name = "cms/leaving/confirm_delete.html"
    is_for_good = True
    page: Any
    next_url: str
    pages_to_delete: Any

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, unless too many pages are below."""
        return self.refused() if self.is_large() else super().get(request, *args, **kwargs)

    def instead(self) -> str:
        """Return where the pages below are listed, or where one came from."""
        return self.next_url or reverse("wagtailadmin_explore", args=[self.page.pk])

    def ending_pages(self) -> list[Page]:
        """Return the page, and its translations that go with it."""
        return list(self.pages_to_delete)

    def is_large(self) -> bool:
        """Return whether there are too many pages below to be deleted with it."""
        return is_large(self.pages_to_delete)

    def has_ended(self) -> bool:
        """Return whether the page is deleted."""
        return not Page.objects.filter(
            path=self.page.path, translation_key=self.page.translation_key
        ).exists()


class AsksWhenUnpublishing(AsksWhatReadersFind):
    """Unpublishes a page; readers no more find what is below it, too."""

    template_name = "cms/leaving/confirm_unpublish.html"
    is_for_good = False
    object: Any
    objects_to_unpublish: Any

    def ending_pages(self) -> list[Page]:
        """Return the page, and its translations that go with it."""
        return list(self.objects_to_unpublish)

    def is_large(self) -> bool:
        """Return whether there are too many pages below, if they are to be unpublished with it."""
        with_them = bool(self.request.POST.get("include_descendants"))
        return with_them and is_large(self.objects_to_unpublish, live=True)

    def has_ended(self) -> bool:
        """Return whether the page is unpublished."""
        return not Page.objects.filter(pk=self.object.pk, live=True).exists()
