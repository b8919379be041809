"""Takes links out of the admin that lead whoever follows them to a refusal."""

from typing import Any

from wagtail.admin.views.pages.choose_parent import ChooseParentView
from wagtail.admin.views.pages.usage import ContentTypeUseView
from wagtail.admin.wagtail_hooks import PageAdminURLFinder


class OfferingUseView(ContentTypeUseView):
    """The list of all pages of a type; it offers to add one where there is a place for it."""

    def get_add_url(self) -> str | None:
        """Return where one is added, if the user can add one anywhere."""
        if not can_add_somewhere(self.model, self.request):
            return None
        url: str = super().get_add_url()
        return url


class PageFinder(PageAdminURLFinder):
    """Finds the form of a page; the root of all pages, above the home pages, has none."""

    def get_edit_url(self, instance: Any) -> str | None:
        """Return the address of the form."""
        if instance.is_root():
            return None
        url: str | None = super().get_edit_url(instance)
        return url


def can_add_somewhere(model: Any, request: Any) -> bool:
    """Return whether there is a page below which the user can add one of `model`."""
    view = ChooseParentView(model=model)
    view.setup(request)
    parents = view.get_valid_parent_pages(request.user)
    return any(model.can_create_at(parent) for parent in parents.iterator())
