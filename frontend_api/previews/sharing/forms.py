"""The form with which an editor shares a draft."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from frontend_api.introspection import Page

from .models import content_of

DAYS = (
    (1, _("After a day")),
    (7, _("After 7 days")),
    (14, _("After 14 days")),
    (30, _("After 30 days")),
    (90, _("After 90 days")),
)
FOLLOW, FIXED = "follow", "fixed"


class ShareForm(forms.Form):
    """Asks for whom a link is, until when it works, and what it shows."""

    made_for = forms.CharField(
        label=_("For whom"),
        max_length=100,
        help_text=_("A name, so that you and others know later whom the link was for."),
    )
    days = forms.TypedChoiceField(label=_("Expires"), choices=DAYS, coerce=int, initial=7)
    shows = forms.ChoiceField(
        label=_("What it shows"),
        choices=(
            (FOLLOW, _("The draft as it changes: what is saved later shows too")),
            (FIXED, _("The draft as it is saved now, whatever is changed later")),
        ),
        initial=FOLLOW,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page

    @property
    def terms(self) -> dict[str, Any]:
        """The cleaned data as field values of a `SharedDraft`."""
        is_fixed = self.cleaned_data["shows"] == FIXED
        return {
            "made_for": self.cleaned_data["made_for"],
            "expires_at": timezone.now() + datetime.timedelta(days=self.cleaned_data["days"]),
            "is_fixed": is_fixed,
            "content": content_of(self.page) if is_fixed else None,
        }
