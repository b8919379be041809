"""What a programme refuses, each error on its own field, by the model alone and by the admin's real form."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, rich_text

from programmes.models import Partner, Phase, ProgrammePage
from tests import factories
from tests.cms.admin import (
    DRAFT,
    PUBLISH,
    SUBMIT,
    add_url,
    edit_url,
    form_errors,
    programme_form,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ENDS_EARLY = "The last year is before the first."
YEARS = "Enter a year from 1900 to 2100."
STARTS_OUTSIDE = "The phase starts outside the programme."
ENDS_AFTER = "The phase ends after the programme."
NEEDS_END = "The programme has a last year, so the phase needs one too."

BAD_YEARS: list[tuple[dict[str, int | None], dict[str, list[str]]]] = [
    ({"start_year": 2020, "end_year": 2019}, {"end_year": [ENDS_EARLY]}),
    ({"start_year": 1899, "end_year": 2020}, {"start_year": [YEARS]}),
    ({"start_year": 2101, "end_year": None}, {"start_year": [YEARS]}),
    ({"start_year": 2020, "end_year": 2101}, {"end_year": [YEARS]}),
    ({"start_year": 1900, "end_year": 1899}, {"end_year": [YEARS, ENDS_EARLY]}),
]
GOOD_YEARS = [(1900, 2100), (2100, 2100), (2020, 2020), (1900, None)]

# The programme's last year, the phase's years, and what is wrong with them, in a programme that starts in 2015.
BAD_PHASES: list[tuple[int | None, tuple[int, int | None], dict[str, list[str]]]] = [
    (2023, (2014, 2016), {"start_year": [STARTS_OUTSIDE]}),
    (2023, (2024, 2025), {"start_year": [STARTS_OUTSIDE], "end_year": [ENDS_AFTER]}),
    (2023, (2016, 2024), {"end_year": [ENDS_AFTER]}),
    (2023, (2016, None), {"end_year": [NEEDS_END]}),
    (2023, (2018, 2017), {"end_year": [ENDS_EARLY]}),
    (None, (2014, None), {"start_year": [STARTS_OUTSIDE]}),
    (None, (2020, 2101), {"end_year": [YEARS]}),
]
GOOD_PHASES = [
    (2023, (2015, 2023)),
    (2023, (2015, 2015)),
    (None, (2016, None)),
    (None, (2016, 2030)),
]


def text(year: int | None) -> str:
    """Return a year as it stands in a form."""
    return "" if year is None else str(year)


def check(instance: Any) -> dict[str, list[str]]:
    """Return what the model's own validation says."""
    with pytest.raises(ValidationError) as caught:
        instance.full_clean()
    messages: dict[str, list[str]] = caught.value.message_dict
    return messages


def programme(**fields: Any) -> ProgrammePage:
    """Return a programme that has not been saved."""
    page = ProgrammePage(title="A programme", slug="a-programme", **fields)
    page.set_url_path(factories.programme_index())
    page.depth, page.path = 4, "0001000100010001"
    page.locale = factories.home().locale
    return page


def post(client: Client, action: dict[str, str], **fields: Any) -> Any:
    """Send the form of a new programme."""
    url = add_url(ProgrammePage, factories.programme_index())
    return client.post(url, {**programme_form(**fields), **action})


def one_phase(start: int | None, end: int | None) -> dict[str, Any]:
    """Return the children of the form that are one phase."""
    years = {"start_year": text(start), "end_year": text(end)}
    return inline_formset([{"title": "Phase", **years, "text": rich_text("<p>Text</p>")}])


@pytest.mark.parametrize(("years", "errors"), BAD_YEARS)
def test_a_programme_cannot_have_impossible_years(
    years: dict[str, int | None], errors: dict[str, list[str]]
) -> None:
    assert check(programme(**years)) == errors


@pytest.mark.parametrize(("years", "errors"), BAD_YEARS)
def test_the_form_names_the_field_of_an_impossible_year(
    editor: Client, years: dict[str, int | None], errors: dict[str, list[str]]
) -> None:
    sent = {name: text(year) for name, year in years.items()}
    assert form_errors(post(editor, SUBMIT, **sent)) == errors
    assert not ProgrammePage.objects.exists()
    # A draft may hold years that do not fit together yet, and none that is none.
    response = post(editor, DRAFT, **sent)
    if any(YEARS in found for found in errors.values()):
        assert set(form_errors(response)) <= set(errors)
    else:
        assert response.status_code == 302


@pytest.mark.parametrize(("start", "end"), GOOD_YEARS)
def test_a_programme_can_have_the_years_at_the_edges(
    editor: Client, start: int, end: int | None
) -> None:
    programme(start_year=start, end_year=end).full_clean()
    assert post(editor, DRAFT, start_year=text(start), end_year=text(end)).status_code == 302
    saved = ProgrammePage.objects.get()
    assert (saved.start_year, saved.end_year) == (start, end)


def test_a_programme_cannot_do_without_its_first_year_once_it_is_more_than_a_draft(
    editor: Client,
) -> None:
    assert "start_year" in check(programme())
    assert form_errors(post(editor, SUBMIT, start_year="")) == {
        "start_year": ["This field is required."]
    }
    assert post(editor, DRAFT, start_year="").status_code == 302


def test_a_year_is_a_number(editor: Client) -> None:
    assert form_errors(post(editor, DRAFT, start_year="soon")) == {
        "start_year": ["Enter a whole number."]
    }


@pytest.mark.parametrize(("last", "years", "errors"), BAD_PHASES)
def test_a_phase_cannot_be_outside_its_programme(
    last: int | None, years: tuple[int, int | None], errors: dict[str, list[str]]
) -> None:
    page = factories.ProgrammePageFactory(end_year=last)
    phase = Phase(programme=page, title="Phase", start_year=years[0], end_year=years[1])
    assert check(phase) == errors


@pytest.mark.parametrize(("last", "years", "errors"), BAD_PHASES)
def test_the_form_names_the_phase_and_its_field(
    editor: Client,
    last: int | None,
    years: tuple[int, int | None],
    errors: dict[str, list[str]],
) -> None:
    response = post(editor, SUBMIT, end_year=text(last), phases=one_phase(*years))
    assert form_errors(response) == {
        f"phases-0-{field}": messages for field, messages in errors.items()
    }
    assert not ProgrammePage.objects.exists()


@pytest.mark.parametrize(("last", "years"), GOOD_PHASES)
def test_a_phase_can_fill_its_programme(
    editor: Client, last: int | None, years: tuple[int, int | None]
) -> None:
    response = post(editor, DRAFT, end_year=text(last), phases=one_phase(*years))
    assert response.status_code == 302
    phase = ProgrammePage.objects.get().phases.get()
    assert (phase.start_year, phase.end_year) == years


@pytest.mark.parametrize("field", ["start_year", "end_year"])
@pytest.mark.parametrize("year", [1899, 2101])
def test_a_phase_has_years_from_1900_to_2100(editor: Client, field: str, year: int) -> None:
    years = {"start_year": 2016, "end_year": 2017, field: year}
    errors = form_errors(post(editor, DRAFT, phases=one_phase(*years.values())))
    assert YEARS in errors[f"phases-0-{field}"]


def test_phases_are_checked_against_the_years_in_the_same_form(editor: Client) -> None:
    page = factories.ProgrammePageFactory(
        parts=[{"title": "Phase", "start_year": 2015, "end_year": 2023}]
    )
    phase = page.phases.get()
    child = {
        "id": str(phase.pk),
        "title": "Phase",
        "start_year": "2015",
        "end_year": "2023",
        "text": rich_text("<p>Text</p>"),
    }
    form = programme_form(
        title=page.title,
        slug=page.slug,
        end_year="2020",
        phases=inline_formset([child], initial=1),
    )
    response = editor.post(edit_url(page), {**form, **SUBMIT})
    assert form_errors(response) == {"phases-0-end_year": [ENDS_AFTER]}


def test_a_partner_can_be_chosen_once_only(editor: Client) -> None:
    partner = str(factories.PartnerFactory().pk)
    response = post(
        editor, DRAFT, partners=inline_formset([{"partner": partner}, {"partner": partner}])
    )
    assert response.status_code == 200
    errors = response.context["form"].formsets["partners"].non_form_errors()
    assert "duplicate data for programme and partner" in str(errors)
    assert not ProgrammePage.objects.exists()


def test_a_summary_has_300_characters_at_most(editor: Client) -> None:
    assert set(check(programme(start_year=2015, summary="x" * 301))) == {"summary"}
    assert set(form_errors(post(editor, DRAFT, summary="x" * 301))) == {"summary"}
    assert post(editor, DRAFT, summary="x" * 300).status_code == 302


@pytest.mark.parametrize(
    "website",
    ["javascript:alert(1)", "ftp://example.org/", "//example.org", "https://", "interpol"],
)
def test_the_website_of_a_partner_is_a_web_address(editor: Client, website: str) -> None:
    partner = Partner(name="INTERPOL", slug="interpol", website=website)
    assert set(check(partner)) == {"website"}
    form = {"name": "INTERPOL", "slug": "interpol", "website": website, "description": ""}
    response = editor.post(reverse("wagtailsnippets_programmes_partner:add"), form)
    assert set(form_errors(response)) == {"website"}
    assert not Partner.objects.exists()


def test_a_partner_needs_no_website(editor: Client) -> None:
    form = {"name": "INTERPOL", "slug": "interpol", "website": "", "description": ""}
    assert editor.post(reverse("wagtailsnippets_programmes_partner:add"), form).status_code == 302
    assert Partner.objects.get().name == "INTERPOL"


def test_a_moderator_cannot_publish_what_is_not_valid(moderator: Client) -> None:
    assert form_errors(post(moderator, PUBLISH, end_year="2014")) == {"end_year": [ENDS_EARLY]}
    assert post(moderator, PUBLISH).status_code == 302
    assert ProgrammePage.objects.live().count() == 1


def test_two_partners_cannot_share_a_name_or_a_slug() -> None:
    partner = factories.PartnerFactory()
    assert set(check(Partner(name=partner.name, slug=partner.slug))) == {"name", "slug"}
