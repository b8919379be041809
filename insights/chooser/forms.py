"""The form with which an insight is made while one chooses insights."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.permissions import policy_registry

from cms.drafts.forms import without_clean
from insights.models import InsightIndexPage, InsightPage

from .permissions import lists_for

FETCHED = "fetched"


class AddressInput(forms.TextInput):
    """A field for an address, with a button that asks what is there; the script does the rest."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the field, the button, and the place for what came of it."""
        return format_html(
            '{}<button type="button" class="button button-secondary w-mt-4" data-fetch-address>{}</button>'
            '<p class="help" role="status" data-fetch-status data-fetching="{}"></p>',
            super().render(name, value, attrs, renderer),
            _("Fetch from the address"),
            _("Asking the website …"),
        )


class NewInsightForm(forms.ModelForm):
    """A teaser for somebody else's article, or the title of an article of our own, saved as a draft."""

    parent = forms.ModelChoiceField(
        InsightIndexPage.objects.none(), label=_("List"), empty_label=None
    )
    picture = forms.FileField(
        label=_("Image"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    alternative_text = forms.CharField(max_length=255, required=False, widget=forms.HiddenInput)
    picture_is = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    """`fetched`, if the picture is the one that the website names, and not the editor's choice."""

    class Meta:
        model = InsightPage
        fields: ClassVar = [
            "external_url",
            "title",
            "source",
            "summary",
            "published_on",
            "themes",
        ]
        widgets: ClassVar = {
            "external_url": AddressInput,
            "summary": forms.Textarea(attrs={"rows": 3}),
            "published_on": AdminDateInput,
            "themes": forms.CheckboxSelectMultiple,
        }
        labels: ClassVar = {"external_url": _("Address of somebody else's article")}
        help_texts: ClassVar = {
            "external_url": _(
                "Paste it, and the rest is filled in. Leave it empty for an article of our own, and write that later."
            ),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.lists = lists_for(user)
        if len(self.lists) == 1:
            del self.fields["parent"]
        else:
            parents: Any = self.fields["parent"]
            parents.queryset = InsightIndexPage.objects.filter(
                pk__in=[one.pk for one in self.lists]
            )
            parents.initial = self.lists[0].pk
        if not _may_add_images().user_has_permission(user, "add"):
            del self.fields["picture"]
        self.image_form: Any = None
        self.warning: Any = None
        """What was left out of what the editor sees, and why."""

    def is_valid(self) -> bool:
        """Return whether this can be saved as a draft, which may lack its article."""
        with without_clean(self.instance):
            return super().is_valid()

    def clean(self) -> dict[str, Any]:
        """Check the picture as any other upload is; one that was only fetched never stops the rest."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        picture = cleaned.get("picture")
        if picture:
            form = get_image_form(get_image_model(), ["title", "file", "description"])(
                data=self._image_data(cleaned),
                files={"file": picture},
                instance=get_image_model()(uploaded_by_user=self.user),
                user=self.user,
            )
            if form.is_valid():
                self.image_form = form
            elif cleaned.get("picture_is") == FETCHED:
                self.warning = _("The picture of the website could not be used.")
            else:
                self.add_error(
                    "picture",
                    ValidationError(
                        [*form.errors.get("file", [])] or [_("This picture cannot be used.")]
                    ),
                )
        return cleaned

    def _image_data(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        collections = _may_add_images().collections_user_has_permission_for(self.user, "add")
        first = collections.first()
        return {
            "title": cleaned.get("title") or "",
            "description": cleaned.get("alternative_text") or "",
            "collection": first.pk if first else None,
        }

    def save(self, commit: bool = True) -> InsightPage:
        """Add the insight as a draft of this user, with a revision that can be edited."""
        insight: InsightPage = self.instance
        insight.owner = self.user
        insight.live = False
        insight.has_unpublished_changes = True
        insight.image = self.image_form.save() if self.image_form else None
        insight.themes = self.cleaned_data["themes"]
        parent = self.cleaned_data.get("parent") or self.lists[0]
        parent.add_child(instance=insight)
        insight.save_revision(user=self.user, log_action=True, clean=False)
        return insight


def _may_add_images() -> Any:
    """Return the policy that says who may add images, and to which collections."""
    return policy_registry.get_by_type(get_image_model())
