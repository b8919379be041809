"""The form with which an administrator says who is told of what."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.models import Site, get_page_models

from frontend_api.feed.models import PublicKind
from frontend_api.outgoing.tag_request import (
    InvalidTagRequest,
    check_body,
    check_headers,
    check_method,
)

from .models import Form, WebhookRecipient, parsed_headers
from .sealing import Unreadable, seal, unseal
from .sending import BadAddress, check_address

KEPT = "••••••••"
"""What the form shows in place of the value of a header: whoever leaves it keeps the value."""

# Everybody hears of that which concerns everything.
_KINDS = [choice for choice in PublicKind.choices if choice[0] != PublicKind.BUMPED]


class WebhookForm(WagtailAdminModelForm):
    """Asks who is told, of what, and in which form."""

    kinds = forms.MultipleChoiceField(
        label=_("Kinds of changes"),
        choices=_KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "None means all. “Gone” is what was deleted, unpublished, expired or made private."
        ),
    )
    types = forms.MultipleChoiceField(
        label=_("Types of pages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None means all. What is gone, and what is no page, is told in any case."),
    )
    sites = forms.TypedMultipleChoiceField(
        label=_("Sites"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None means all. What is gone, and what is no page, is told in any case."),
    )
    header_lines = forms.CharField(
        label=_("Headers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "One in each line, such as Authorization: Bearer …. What was saved is not shown; leave the dots to keep it."
        ),
    )

    class Meta:
        model = WebhookRecipient
        fields: ClassVar = [
            *("name", "address", "form", "is_enabled", "kinds", "types", "sites"),
            *("method", "header_lines", "body"),
        ]
        widgets: ClassVar = {
            "address": forms.TextInput,
            "form": forms.RadioSelect,
            "body": forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is no longer there stays chosen, so that saving the form widens nothing.
        self.fields["types"].choices = _with(_types(), self.instance.types)
        sites = [(site.pk, str(site)) for site in Site.objects.order_by("hostname", "port")]
        self.fields["sites"].choices = _with(sites, self.instance.sites)
        self.fields["form"].choices = Form.choices
        self._before = _readable(self.instance.headers)
        self.fields["header_lines"].initial = "\n".join(f"{name}: {KEPT}" for name in self._before)

    def clean_address(self) -> str:
        """Refuse an address that nothing would be sent to."""
        address: str = self.cleaned_data["address"].strip()
        try:
            check_address(address)
        except BadAddress as error:
            raise ValidationError(str(error)) from error
        return address

    def clean_header_lines(self) -> str:
        """Put the values in place that are kept."""
        lines = self.cleaned_data["header_lines"]
        given = parsed_headers(lines)
        for line in filter(str.strip, lines.splitlines()):
            if ":" not in line:
                # The line may be the value alone, and a secret.
                raise ValidationError(_("Each line is a name, a colon and a value."))
        values = {
            name: self._before.get(name, "") if value == KEPT else value
            for name, value in given.items()
        }
        try:
            check_headers(values)
        except InvalidTagRequest as error:
            raise ValidationError(str(error)) from error
        if empty := [name for name, value in values.items() if not value]:
            raise ValidationError(_("The header %(name)s has no value."), params={"name": empty[0]})
        return "\n".join(f"{name}: {value}" for name, value in values.items())

    def clean(self) -> dict[str, Any]:
        """Hold method and body to what a request of its form can have."""
        cleaned: dict[str, Any] = super().clean()
        cleaned["method"] = (cleaned.get("method") or "POST").strip().upper()
        if cleaned.get("form") == Form.EVENT:
            # Events have a method and a body of their own.
            cleaned |= {"method": "POST", "body": ""}
            return cleaned
        try:
            check_method(cleaned["method"])
        except InvalidTagRequest as error:
            self.add_error("method", str(error))
            return cleaned
        try:
            if cleaned.get("form") == Form.TAGS:
                _check_purge(cleaned["method"], cleaned.get("body", ""), cleaned)
        except InvalidTagRequest as error:
            self.add_error("body", str(error))
        return cleaned

    def save(self, commit: bool = True) -> WebhookRecipient:
        """Seal the headers."""
        if "header_lines" in self.changed_data:
            self.instance.headers = seal(self.cleaned_data["header_lines"])
        saved: WebhookRecipient = super().save(commit=commit)
        return saved


class SinceForm(forms.Form):
    """Asks since when everything is to be sent once more."""

    since = forms.DateTimeField(
        label=_("Send again everything since"), widget=AdminDateTimeInput(attrs={"required": True})
    )

    def clean_since(self) -> datetime:
        """Refuse a time that has not come."""
        since: datetime = self.cleaned_data["since"]
        if since > timezone.now() + timedelta(minutes=1):
            raise ValidationError(_("This time has not come yet."))
        return since


def _check_purge(method: str, body: str, cleaned: dict[str, Any]) -> None:
    check_body(method, body)
    if not body and "{tags" not in cleaned.get("header_lines", ""):
        raise InvalidTagRequest(
            'Neither the body nor a header names the tags; put {tags} where they have to be, as in {"tags": {tags}}.'
        )


def _types() -> list[tuple[str, str]]:
    named = {model._meta.label: str(model._meta.verbose_name) for model in get_page_models()}
    return sorted(
        ((label, f"{name[:1].upper()}{name[1:]}") for label, name in named.items()),
        key=lambda one: one[1],
    )


def _with(choices: list[tuple[Any, str]], chosen: list[Any]) -> Iterator[tuple[Any, str]]:
    known = {value for value, _label in choices}
    return iter([*choices, *((one, str(one)) for one in chosen if one not in known)])


def _readable(stored: str) -> dict[str, str]:
    try:
        return parsed_headers(unseal(stored))
    except Unreadable:
        # What was encrypted with another secret key has to be written anew.
        return {}
