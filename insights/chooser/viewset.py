"""The window: a list of insights with what tells them apart, and a form for a new one."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import path
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from cms.admin_search import matching
from cms.publish_with.items import status_of
from cms.sections import nameable
from frontend_api.visibility.unseen import why_unseen
from insights.models import KINDS, InsightPage

from .fetching import PictureView, SuggestionView
from .forms import NewInsightForm
from .permissions import may_add


class SearchForm(BaseFilterForm):
    """A search in what the columns show."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Search")}),
    )

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        """Return what has the words."""
        self.search_query = self.cleaned_data.get("q")
        self.is_searching = bool(self.search_query)
        return matching(objects, self.search_query) if self.search_query else objects


class OfInsights:
    """What the views of the window share: the title of a draft, and who may add an insight."""

    request: Any

    def can_create(self) -> bool:
        """Return whether the window has a form for a new insight."""
        return may_add(self.request.user)

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        """Give the form its user, and names that are not those of the form around it."""
        given: dict[str, Any] = super().get_creation_form_kwargs()  # type: ignore[misc]
        return {**given, "user": self.request.user, "prefix": "new-insight"}

    def get_display_title(self, instance: InsightPage) -> str:
        """Return the title that stands in the form once an insight is chosen."""
        title: str = instance.get_admin_display_title()
        return title


class Detail(Column):
    """Something that tells insights apart."""

    cell_template_name = "insights/chooser/cell.html"


class Listing(OfInsights):
    """Insights by what was edited last, each with its kind, source, date and status."""

    filter_form_class = SearchForm
    results_template_name = "insights/chooser/results.html"
    ordering = ("-latest_revision_created_at", "-pk")

    def get_object_list(self) -> Any:
        """Return the insights that the user may be named; elsewhere those without a draft, whose title would show."""
        return nameable(super().get_object_list(), self.request.user, drafts=False)  # type: ignore[misc]

    @property
    def title_column(self) -> Any:
        """Return the column of titles as they are in drafts."""
        column = super().title_column  # type: ignore[misc]
        column.accessor = "get_admin_display_title"
        return column

    @property
    def columns(self) -> list[Column]:
        """Return what tells insights apart."""
        return [
            *super().columns,  # type: ignore[misc]
            Detail("kind", label=_("Kind"), accessor=lambda one: dict(KINDS)[one.kind]),
            Detail("source", label=_("Source")),
            Detail(
                "published_on",
                label=_("Date"),
                accessor=lambda one: date_format(one.published_on),
            ),
            Detail("status", label=_("Status"), accessor="reader_status"),
        ]

    def get_results_page(self, request: Any) -> Any:
        """Return a page of insights, each with whether readers see it."""
        results: Any = super().get_results_page(request)  # type: ignore[misc]
        unseen = why_unseen(results.object_list)
        for insight in results.object_list:
            found = unseen.get(insight.pk)
            insight.reader_status = status_of(found) if found else insight.status_string
        return results


class ChooseView(Listing, chooser.ChooseView):
    """The whole window."""


class ResultsView(Listing, chooser.ChooseResultsView):
    """What a search finds in it."""


class Chosen(OfInsights):
    """What was chosen, which has to be what the window named."""

    def get_object(self, pk: Any) -> Any:
        """Return an insight."""
        return self.get_objects([pk]).get()

    def get_objects(self, pks: Any) -> Any:
        """Return insights."""
        insights = InsightPage.objects.filter(pk__in=pks)
        return nameable(insights, self.request.user, drafts=False)


class ChosenView(Chosen, chooser.ChosenView):
    """An insight that was chosen."""


class ChosenMultipleView(Chosen, chooser.ChosenMultipleView):
    """Insights that were chosen."""


class CreateView(OfInsights, chooser.CreateView):
    """An insight that is made, and chosen."""

    def save_form(self, form: NewInsightForm) -> InsightPage:
        """Save the draft, and say what was left out."""
        insight = form.save()
        if form.warning:
            messages.warning(self.request, form.warning)
        return insight


class InsightChooserViewSet(ChooserViewSet):
    """Where insights are chosen for programmes, home pages and rows of insights."""

    model = InsightPage
    icon = "doc-full"
    page_title = _("Choose an insight")
    per_page = 20
    # The widget is in `cms`, whose models choose insights, too.
    register_widget = False
    choose_view_class = ChooseView
    choose_results_view_class = ResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView
    create_view_class = CreateView
    creation_form_class = NewInsightForm
    creation_tab_label = _("New insight")
    create_action_label = _("Save as a draft and choose")
    create_action_clicked_label = _("Saving …")
    preserve_url_parameters: ClassVar = ["multiple"]

    def get_urlpatterns(self) -> list[Any]:
        """Add what the script asks for."""
        return [
            *super().get_urlpatterns(),
            path("suggestion/", SuggestionView.as_view(), name="suggestion"),
            path("picture/", PictureView.as_view(), name="picture"),
        ]
