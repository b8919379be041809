"""The form that copies pages: it proposes a free slug, and asks for a title only where it is used."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms.pages import CopyForm
from wagtail.coreutils import find_available_slug

from .large_sections import is_large, too_large


class CopyPageForm(CopyForm):
    """Proposes a slug that nothing has where the copy goes, and refuses a title that an alias would not keep."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_slug"].initial = self._free_slug(self.page.get_parent())
        if "alias" in self.fields:
            self.fields["alias"].help_text = _(
                "Keep the new pages updated with future changes. An alias has the title of its original."
            )
            # The script beside the form does not send it for an alias.
            self.fields["new_title"].required = not self.data.get("alias")

    @property
    def media(self) -> forms.Media:
        """Add the script that hides the title of an alias."""
        return super().media + forms.Media(js=["cms/copy.js"])

    def _free_slug(self, parent: Any) -> str:
        return str(find_available_slug(parent, self.page.slug))

    def clean_new_slug(self) -> str:
        """Return the slug; what was proposed and is left as it was is made free in the chosen parent."""
        slug: str = self.cleaned_data["new_slug"]
        # Fields are cleaned in order, so that the parent is only known afterwards.
        self.left_as_proposed = slug == self.fields["new_slug"].initial
        return slug

    def clean(self) -> dict[str, Any]:
        """Check the rest, with a slug that is free where the copy goes."""
        parent = self.cleaned_data.get("new_parent_page")
        if parent and getattr(self, "left_as_proposed", False):
            self.cleaned_data["new_slug"] = find_available_slug(
                parent, self.cleaned_data["new_slug"]
            )
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("copy_subpages") and is_large([self.page]):
            self.add_error("copy_subpages", too_large())
        title = cleaned.get("new_title")
        if cleaned.get("alias") and title and title != self.page.title:
            self.add_error(
                "new_title", _("An alias has the title of its original. Make a copy instead.")
            )
        return cleaned
