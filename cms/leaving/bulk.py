"""The bulk actions that delete and unpublish pages, with the question what readers find then."""

from typing import Any

from wagtail.admin.views.pages.bulk_actions.page_bulk_action import DefaultPageForm
from wagtail.models import Page

from frontend_api.redirects.ending import ending

from .forms import LeavingForm


class LeavingBulkForm(LeavingForm, DefaultPageForm):
    """Asks beside what Wagtail's form asks."""


class AsksWhatReadersFindOfSeveral:
    """Asks in the form of a bulk action, and does what was chosen once the action is done."""

    form_class = LeavingBulkForm
    is_for_good: bool
    cleaned_form: LeavingForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which pages end."""
        objects, _without_access = self.get_actionable_objects()  # type: ignore[attr-defined]
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        return {**kwargs, "ending": ending(objects), "is_for_good": self.is_for_good}

    def get_execution_context(self) -> dict[str, Any]:
        """Hand the answer to the action."""
        context: dict[str, Any] = super().get_execution_context()  # type: ignore[misc]
        return {**context, "leaving": self.cleaned_form}

    @classmethod
    def execute_action(cls, objects: list[Page], **kwargs: Any) -> Any:
        """Do what the action does, then what was chosen; return how many pages, and how many below them."""
        leaving: LeavingForm | None = kwargs.pop("leaving", None)
        ended = ending(objects) if leaving is not None else None
        counted = super().execute_action(objects, **kwargs)  # type: ignore[misc]
        if leaving is not None and ended is not None:
            leaving.finish(ended)
        return counted
