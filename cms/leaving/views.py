"""The views that delete and unpublish a page, with the question what readers find then."""

from functools import cached_property
from typing import Any

from wagtail.admin.views.pages.delete import DeleteView
from wagtail.models import Page

from frontend_api.redirects.ending import ending

from .forms import LeavingForm


class AsksWhatReadersFind:
    """Asks in the form of the view, and does what was chosen once the view has done its own."""

    request: Any
    is_for_good: bool

    def ending_pages(self) -> list[Page]:
        """Return the pages that the view is about to take from readers, with all below them."""
        raise NotImplementedError

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
    pages_to_delete: Any

    def ending_pages(self) -> list[Page]:
        """Return the page, and its translations that go with it."""
        return list(self.pages_to_delete)

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

    def has_ended(self) -> bool:
        """Return whether the page is unpublished."""
        return not Page.objects.filter(pk=self.object.pk, live=True).exists()
