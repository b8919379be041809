"""A form that was open for a while sends children that were saved meanwhile, once more and without their ids."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from cms.forms import GONE
from cms.models import HomePage, SiteSettings
from cms.models.pages import FeaturedInsight
from programmes.models import ProgrammePage
from tests import factories
from tests.cms.admin import (
    DRAFT,
    PUBLISH,
    add_url,
    edit_url,
    form_data,
    form_errors,
    programme_form,
)

pytestmark = pytest.mark.django_db


def children(page: Page) -> dict[str, list[Any]]:
    """Return what the newest draft of a programme has of each kind."""
    draft: Any = ProgrammePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return {
        "partners": [str(row.partner) for row in draft.partners.all()],
        "key_figures": [(row.value, row.label) for row in draft.key_figures.all()],
        "phases": [row.title for row in draft.phases.all()],
        "related_insights": [row.insight_id for row in draft.related_insights.all()],
    }


@pytest.fixture
def form() -> dict[str, str]:
    """A programme with new children of every kind."""
    insight = factories.InsightPageFactory()
    return programme_form(
        partners=inline_formset([{"partner": str(factories.PartnerFactory(name="Interpol").pk)}]),
        key_figures=inline_formset(
            [
                {"value": "1", "label": "one", "as_of": ""},
                {"value": "2", "label": "two", "as_of": ""},
            ]
        ),
        phases=inline_formset(
            [
                {
                    "title": "First",
                    "start_year": "2020",
                    "end_year": "2021",
                    "text": rich_text("<p>Text</p>"),
                }
            ]
        ),
        related_insights=inline_formset([{"insight": str(insight.pk)}]),
    )


@pytest.mark.parametrize("first", [DRAFT, PUBLISH], ids=["draft", "published"])
@pytest.mark.parametrize("again", [DRAFT, PUBLISH], ids=["draft again", "published again"])
def test_children_that_are_sent_again_are_those_that_are_there(
    administrator: Client, form: dict[str, str], first: dict[str, str], again: dict[str, str]
) -> None:
    administrator.post(add_url(ProgrammePage, factories.programme_index()), {**form, **first})
    page = ProgrammePage.objects.get(slug="a-programme")
    once = children(page)
    assert [len(rows) for rows in once.values()] == [1, 2, 1, 1]
    for _ in range(3):
        response = administrator.post(edit_url(page), {**form, **again})
        assert response.status_code == 302
        assert children(page) == once
    administrator.post(edit_url(page), {**form, **PUBLISH})
    page.refresh_from_db()
    assert page.live
    assert page.partners.count() == 1
    assert page.key_figures.count() == 2


def test_what_was_a_draft_and_is_published_in_another_tab_is_not_there_twice(
    administrator: Client, form: dict[str, str]
) -> None:
    administrator.post(
        add_url(ProgrammePage, factories.programme_index()), programme_form(**PUBLISH)
    )
    page = ProgrammePage.objects.get(slug="a-programme")
    administrator.post(edit_url(page), form)
    once = children(page)
    # The second tab shows the draft's children, of which none has an id yet, and publishes them.
    of_draft = dict(form)
    for kind, rows in once.items():
        of_draft[f"{kind}-INITIAL_FORMS"] = str(len(rows))
        of_draft |= {f"{kind}-{number}-id": "" for number in range(len(rows))}
    for _ in range(2):
        assert administrator.post(edit_url(page), {**of_draft, **PUBLISH}).status_code == 302
        assert children(page) == once
    assert administrator.post(edit_url(page), of_draft).status_code == 302
    assert children(page) == once


def test_a_child_beside_those_that_are_there_is_added(
    administrator: Client, form: dict[str, str]
) -> None:
    administrator.post(add_url(ProgrammePage, factories.programme_index()), {**form, **PUBLISH})
    page = ProgrammePage.objects.get(slug="a-programme")
    other = programme_form(
        key_figures=inline_formset([{"value": "3", "label": "three", "as_of": ""}]), **PUBLISH
    )
    assert administrator.post(edit_url(page), other).status_code == 302
    figures = children(page)["key_figures"]
    assert sorted(figures) == [("1", "one"), ("2", "two"), ("3", "three")]


def test_the_same_twice_in_one_form_is_there_twice_where_that_can_be(administrator: Client) -> None:
    row = {"value": "1", "label": "one", "as_of": ""}
    form = programme_form(key_figures=inline_formset([row, row]), **PUBLISH)
    administrator.post(add_url(ProgrammePage, factories.programme_index()), form)
    page = ProgrammePage.objects.get(slug="a-programme")
    for _ in range(2):
        assert page.key_figures.count() == 2
        administrator.post(edit_url(page), form)
    kept, other = page.key_figures.all()
    # What the form names by its id is itself, and another one like it is another one.
    rows = [{**row, "id": str(kept.pk)}, {**row, "id": str(other.pk)}, {**row, "id": ""}]
    named = programme_form(key_figures=inline_formset(rows, initial=2), **PUBLISH)
    administrator.post(edit_url(page), named)
    assert page.key_figures.count() == 3


def test_what_can_be_there_once_and_says_something_else_is_an_error_of_the_form(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the project's own children none has a second field beside what makes it unique; a plugin's may."""
    form_class = ProgrammePage.get_edit_handler().get_form_class()
    partner = factories.PartnerFactory()
    page = factories.ProgrammePageFactory(partners=[partner])
    figure = page.key_figures.create(value="1", label="one")
    page.save()
    monkeypatch.setattr(type(figure)._meta, "unique_together", (("programme", "label"),))
    sent = programme_form(key_figures=inline_formset([{"value": "7", "label": "one", "as_of": ""}]))
    form = form_class(sent, instance=page, for_user=factories.UserFactory(is_superuser=True))
    assert not form.is_valid()
    [error] = form.formsets["key_figures"].errors[0]["__all__"]
    assert error.startswith("This is there already")


def test_a_child_that_is_gone_meanwhile_is_an_error_of_the_form(administrator: Client) -> None:
    page = factories.ProgrammePageFactory(figures=[{"value": "1", "label": "one"}])
    gone = page.key_figures.get()
    rows = [{"value": "2", "label": "one", "as_of": "", "id": str(gone.pk)}]
    form = programme_form(slug=page.slug, key_figures=inline_formset(rows, initial=1))
    gone.delete()
    response = administrator.post(edit_url(page), form)
    assert form_errors(response)


def test_settings_and_the_home_page_take_their_children_once(administrator: Client) -> None:
    site = Site.objects.get()
    kept = SiteSettings.for_site(site)
    address = reverse(SiteSettings.snippet_viewset.get_url_name("edit"), args=[kept.pk])
    item = {"page": "", "url": "https://www.example.org/", "label": "Elsewhere"}
    item["children-count"] = "0"
    form = nested_form_data(
        {
            "organisation": "HDF",
            "footer_text": rich_text("<p>x</p>"),
            "navigation": inline_formset([item]),
            "footer_navigation": inline_formset([]),
            "social_links": inline_formset([{"label": "LinkedIn", "url": "https://x.example/"}]),
            "words": inline_formset([]),
            **PUBLISH,
        }
    )
    for _ in range(2):
        assert administrator.post(address, form).status_code == 302
    settings = SiteSettings.for_site(site)
    assert (settings.navigation.count(), settings.social_links.count()) == (1, 1)

    home, insight = factories.home(), factories.InsightPageFactory()
    sent = form_data(
        {
            "title": "Home",
            "slug": "home",
            "heading": "",
            "summary": "",
            "introduction": rich_text(""),
            "body-count": "0",
            "featured_insights": inline_formset([{"page": str(insight.pk)}]),
            **PUBLISH,
        },
        "featured_programmes",
    )
    for _ in range(2):
        assert administrator.post(edit_url(home), sent).status_code == 302
    assert FeaturedInsight.objects.filter(home=HomePage.objects.get()).count() == 1


def test_a_child_that_was_removed_meanwhile_is_named_and_can_be_removed(
    administrator: Client, form: dict[str, str]
) -> None:
    administrator.post(add_url(ProgrammePage, factories.programme_index()), {**form, **PUBLISH})
    page = ProgrammePage.objects.get(slug="a-programme")
    first, second = page.key_figures.all()

    def figures(**first_of_all: str) -> dict[str, str]:
        rows = [
            {"id": str(row.pk), "value": row.value, "label": row.label, "as_of": ""}
            for row in (first, second)
        ]
        return {
            **programme_form(key_figures=inline_formset(rows, initial=2)),
            **{f"key_figures-0-{name}": value for name, value in first_of_all.items()},
        }

    opened = figures()
    administrator.post(edit_url(page), {**figures(DELETE="on"), **PUBLISH})
    assert children(page)["key_figures"] == [("2", "two")]
    response = administrator.post(edit_url(page), {**opened, **PUBLISH})
    assert response.status_code == 200
    formset = response.context["form"].formsets["key_figures"]
    assert [form.non_field_errors() for form in formset.forms] == [[GONE], []]
    assert "removed after you had opened this form" in response.content.decode()
    response = administrator.post(edit_url(page), {**figures(DELETE="on"), **PUBLISH})
    assert response.status_code == 302
    assert children(page)["key_figures"] == [("2", "two")]
