"""What does not fit together in time is said where it is seen, and nothing else is."""

import pytest
from django.test import Client
from wagtail.models import Revision

from programmes.models import ProgrammePage, RelatedInsight
from tests import factories

from .scheduled import ahead, notes, schedule

pytestmark = pytest.mark.django_db


def programme(insight: object, days: int, title: str = "Programme") -> ProgrammePage:
    """Return a programme that goes live in some days, whose draft shows an insight."""
    page = factories.ProgrammePageFactory(live=False, title=title)
    page.related_insights.set([RelatedInsight(insight=insight)])
    return schedule(page, ahead(days=days))


def test_a_programme_that_goes_live_before_its_insight(administrator: Client) -> None:
    insight = schedule(factories.InsightPageFactory(live=False, title="Insight"), ahead(days=2))
    programme(insight, 1)
    [said] = notes(administrator)
    assert said.startswith("It shows “Insight”, which goes live later, ")
    assert notes(administrator, type="insights.insightpage") == []


@pytest.mark.parametrize("days", [1, 2])
def test_a_programme_that_goes_live_with_or_after_its_insight(
    administrator: Client, days: int
) -> None:
    at = ahead(days=1)
    insight = schedule(factories.InsightPageFactory(live=False), at)
    page = factories.ProgrammePageFactory(live=False)
    page.related_insights.set([RelatedInsight(insight=insight)])
    schedule(page, at if days == 1 else ahead(days=2))
    assert notes(administrator) == []


def test_a_programme_that_shows_a_draft(administrator: Client) -> None:
    programme(factories.InsightPageFactory(live=False, title="Draft"), 1)
    assert notes(administrator) == ["It shows “Draft”, which is not live then."]


def test_a_programme_that_shows_what_is_live_and_stays(administrator: Client) -> None:
    programme(factories.InsightPageFactory(), 1)
    assert notes(administrator) == []


def test_a_programme_that_shows_what_has_ended_by_then(administrator: Client) -> None:
    programme(factories.InsightPageFactory(title="Over", expire_at=ahead(days=1)), 2)
    assert notes(administrator) == ["It shows “Over”, which is not live then."]


def test_an_insight_that_ends_while_a_programme_shows_it(administrator: Client) -> None:
    insight = factories.InsightPageFactory(expire_at=ahead(days=2))
    factories.ProgrammePageFactory(title="Live", insights=[insight])
    programme(insight, 1, "Goes live before")
    factories.ProgrammePageFactory(title="Draft", insights=[insight], live=False)
    factories.ProgrammePageFactory(title="Ends", insights=[insight], expire_at=ahead(days=1))
    found = notes(administrator, type="insights.insightpage")
    assert sorted(found) == [
        "“Goes live before” shows it, and is live then.",
        "“Live” shows it, and is live then.",
    ]


def test_an_insight_that_ends_after_a_programme_stops_showing_it(administrator: Client) -> None:
    insight = factories.InsightPageFactory(expire_at=ahead(days=2))
    page = factories.ProgrammePageFactory(insights=[insight])
    page.related_insights.set([])
    schedule(page, ahead(days=1))
    assert notes(administrator) == []
    page.revisions.update(approved_go_live_at=ahead(days=3))
    assert len(notes(administrator)) == 1


def test_a_page_that_goes_live_in_a_section_that_is_not(administrator: Client) -> None:
    section = factories.ContentPageFactory(live=False, title="Section")
    schedule(factories.ContentPageFactory(parent=section, live=False, title="A"), ahead(days=1))
    assert notes(administrator) == ["It is in “Section”, which is not live then."]
    schedule(section, ahead(hours=1))
    assert notes(administrator) == []


def test_a_section_that_ends_before_what_is_below_it(administrator: Client) -> None:
    section = factories.ContentPageFactory(expire_at=ahead(days=1))
    page = factories.ContentPageFactory(parent=section, expire_at=ahead(hours=1))
    assert notes(administrator) == []
    page.expire_at = None
    page.save()
    assert notes(administrator) == ["Readers do not see the pages below it any more then."]


def test_a_version_that_cannot_be_read_is_said(administrator: Client) -> None:
    page = schedule(factories.InsightPageFactory(live=False), ahead(days=1))
    revision = Revision.objects.get(object_id=str(page.pk))
    revision.content["published_on"] = "never"
    revision.save()
    assert notes(administrator) == ["Its version cannot be read any more. Save it again."]
