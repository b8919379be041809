"""The question what readers find at the addresses of pages that are deleted or unpublished."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from frontend_api.redirects.ending import Ending, is_seen
from frontend_api.redirects.rules import leads_into
from frontend_api.redirects.storing import Target

NOTHING, PAGE, ADDRESS, GONE = "", "page", "address", "gone"
LONGEST_KEY = 18
CHOICES = [
    (NOTHING, _("Nothing: “page not found”")),
    (PAGE, _("Another page")),
    (ADDRESS, _("Another website, or any address")),
    (GONE, _("That it is gone for good")),
]


class PageOrNone(AdminPageChooser):
    """Takes what is no page for none: Wagtail could not show it again."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the key of the chosen page, or None."""
        value = super().value_from_datadict(data, files, name)
        is_key = str(value).isascii() and str(value).isdecimal() and len(str(value)) <= LONGEST_KEY
        return value if is_key and Page.objects.filter(pk=value).exists() else None


class LeavingForm(forms.Form):
    """Asks for a page or an address to send readers to, or whether to say that there is nothing for good."""

    leaving = forms.ChoiceField(
        label=_("What do readers find at the old address?"),
        choices=CHOICES,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "The same for every page below. Choose “gone for good” only if nothing takes its place: search engines "
            "forget it sooner."
        ),
    )
    leaving_page = forms.ModelChoiceField(
        label=_("Send readers to this page"),
        queryset=Page.objects.filter(depth__gt=1),
        required=False,
        widget=PageOrNone,
    )
    leaving_address = forms.URLField(
        label=_("Send readers to this address"),
        required=False,
        max_length=255,
        assume_scheme="https",
        help_text=_("With https:// before it."),
    )

    def __init__(self, *args: Any, ending: Ending, is_for_good: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ending, self.is_for_good = ending, is_for_good

    def clean(self) -> dict[str, Any]:
        """Check that readers are led to something that they see, and that does not end, too."""
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = cleaned.get("leaving")
        page, address = cleaned.get("leaving_page"), cleaned.get("leaving_address")
        if chosen == PAGE and "leaving_page" not in self.errors:
            if page is None:
                self.add_error("leaving_page", _("Choose the page to send readers to."))
            elif page.pk in self.ending.pages:
                self.add_error("leaving_page", _("This page ends, too. Choose another one."))
            elif not is_seen(page):
                self.add_error(
                    "leaving_page", _("Readers do not see this page. Choose one that is published.")
                )
        elif chosen == ADDRESS and "leaving_address" not in self.errors:
            if not address:
                self.add_error("leaving_address", _("Write the address to send readers to."))
            elif leads_into(address, self.ending.addresses):
                self.add_error(
                    "leaving_address",
                    _("This address ends, too, or leads back. Write another one."),
                )
        return cleaned

    def finish(self, ending: Ending) -> None:
        """Do what was chosen with the addresses of pages that have ended."""
        chosen = self.cleaned_data.get("leaving")
        if chosen == PAGE:
            self._lead(ending, Target(self.cleaned_data["leaving_page"].pk))
        elif chosen == ADDRESS:
            self._lead(ending, Target(link=self.cleaned_data["leaving_address"]))
        elif chosen == GONE:
            self._lead(ending, Target())

    def _lead(self, ending: Ending, target: Target) -> None:
        target = replace(target, is_permanent=self.is_for_good)
        ending.lead(target, is_deleted=self.is_for_good)
