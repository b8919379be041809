"""What a programme says of itself, and what it refuses."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programmes import periods
from programmes.models import Partner, Phase, ProgrammePage
from tests import factories

years = st.integers(1900, 2100)


def errors_of(page: ProgrammePage | Phase | Partner) -> dict[str, list[str]]:
    """Return the errors that stand beside each field, empty when there are none."""
    try:
        page.full_clean(exclude=["path", "depth", "programme"])
    except ValidationError as error:
        return error.message_dict
    return {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"start_year": 2015, "end_year": 2014}, "end_year", "The last year is before the first."),
        ({"start_year": 1899}, "start_year", "Enter a year from 1900 to 2100."),
        ({"start_year": 2101}, "start_year", "Enter a year from 1900 to 2100."),
        ({"start_year": 2000, "end_year": 2101}, "end_year", "Enter a year from 1900 to 2100."),
        ({"start_year": None}, "start_year", "This field cannot be blank."),
    ],
)
def test_a_programme_that_cannot_be_is_refused_on_its_own_field(
    fields: dict[str, int], field: str, message: str
) -> None:
    page = ProgrammePageWithPlace(**fields)
    assert errors_of(page).get(field) == [message]
    assert set(errors_of(page)) == {field}


def ProgrammePageWithPlace(**fields: object) -> ProgrammePage:
    """Return a programme that is in the tree, so that nothing else is wrong with it."""
    page = factories.ProgrammePageFactory()
    for name, value in {"end_year": None, **fields}.items():
        setattr(page, name, value)
    return page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last"), [(1900, None), (2100, 2100), (2015, 2015), (2015, 2023)]
)
def test_a_programme_that_can_be_is_taken(first: int, last: int | None) -> None:
    assert errors_of(ProgrammePageWithPlace(start_year=first, end_year=last)) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("phase", "field"),
    [
        ({"start_year": 2014, "end_year": 2016}, "start_year"),
        ({"start_year": 2024, "end_year": 2024}, "start_year"),
        ({"start_year": 2016, "end_year": 2024}, "end_year"),
        ({"start_year": 2016, "end_year": None}, "end_year"),
        ({"start_year": 2018, "end_year": 2016}, "end_year"),
        ({"start_year": 1800, "end_year": 2016}, "start_year"),
    ],
)
def test_a_phase_outside_its_programme_is_refused_on_its_own_field(
    phase: dict[str, int], field: str
) -> None:
    page = factories.ProgrammePageFactory(start_year=2015, end_year=2023)
    assert field in errors_of(Phase(programme=page, title="x", **phase))


@pytest.mark.django_db
def test_a_phase_inside_its_programme_is_taken() -> None:
    closed = factories.ProgrammePageFactory(start_year=2015, end_year=2023)
    open_ended = factories.ProgrammePageFactory(start_year=2015, end_year=None)
    assert errors_of(Phase(programme=closed, title="x", start_year=2015, end_year=2023)) == {}
    assert errors_of(Phase(programme=open_ended, title="x", start_year=2030)) == {}


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (2015, 2023, "2015 – 2023"),
        (2015, 2015, "2015"),
        (2015, None, "Since 2015"),
        (2099, None, "From 2099"),
        (None, None, ""),
    ],
)
def test_period_is_what_readers_see(first: int, last: int | None, expected: str) -> None:
    assert periods.period(first, last) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (2026, None, "upcoming"),
        (2025, None, "active"),
        (2025, 2025, "active"),
        (2020, 2024, "completed"),
        (2020, 2030, "active"),
        (None, None, "upcoming"),
    ],
)
def test_status_follows_the_year(
    monkeypatch: pytest.MonkeyPatch, first: int, last: int | None, expected: str
) -> None:
    monkeypatch.setattr(periods, "this_year", lambda: 2025)
    assert periods.status(first, last) == expected


def test_a_year_begins_at_midnight_in_the_time_zone_of_the_site(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = datetime.datetime(2025, 12, 31, 23, 30, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    with override_settings(TIME_ZONE="UTC"):
        assert periods.status(2026, None) == "upcoming"
    with timezone.override(ZoneInfo("Europe/Zurich")):
        assert periods.status(2026, None) == "active"
        assert periods.status(2020, 2025) == "completed"


@pytest.mark.django_db
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=years, last=st.none() | years, today=years)
def test_the_filter_and_the_field_agree(
    one: ProgrammePage, first: int, last: int | None, today: int
) -> None:
    """The condition of the API's filter holds exactly for the status that is shown."""
    if last is not None and last < first:
        first, last = last, first
    ProgrammePage.objects.filter(pk=one.pk).update(start_year=first, end_year=last)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(periods, "this_year", lambda: today)
        shown = periods.status(first, last)
        for status, _ in periods.STATUSES:
            found = ProgrammePage.objects.filter(periods.with_status(status)).exists()
            assert found == (status == shown)
        found = ProgrammePage.objects.filter(periods.running_in(today)).exists()
        assert found == (shown == "active")


@pytest.fixture
def one(db: None) -> ProgrammePage:
    """The only programme there is."""
    return factories.ProgrammePageFactory()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "ftp://x.org", "interpol.int", "//x.org"]
)
def test_a_partner_has_a_website_that_can_be_opened(website: str) -> None:
    partner = Partner(name="A", slug="a", website=website)
    assert set(errors_of(partner)) == {"website"}
