"""A form that is sent as it was opened changes nothing, whatever the defaults of its fields are."""

import datetime

import pytest
from django.test import Client

from insights.models import InsightPage
from tests import factories
from tests.cms.admin import SUBMIT, add_url, edit_url, insight_form, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]

APPROVE = {
    "action-workflow-action": "true",
    "workflow-action-name": "approve",
    "workflow-action-extra-data": "{}",
}


FORM = insight_form(
    external_url="https://end-violence.example/an-article", source="END-VIOLENCE.EXAMPLE"
)


@pytest.fixture
def submitted(client: Client) -> InsightPage:
    """An insight that waits for approval."""
    log_in(client, "Editors")
    client.post(add_url(InsightPage, factories.insight_index()), {**FORM, **SUBMIT})
    return InsightPage.objects.get()


def test_who_approves_without_a_change_publishes_what_was_submitted(
    client: Client, submitted: InsightPage
) -> None:
    [revision] = submitted.revisions.all()
    log_in(client, "Moderators")
    client.post(edit_url(submitted), {**FORM, **APPROVE})
    submitted.refresh_from_db()
    assert submitted.live
    assert not submitted.has_unpublished_changes
    assert submitted.live_revision == revision
    assert submitted.revisions.count() == 1


def test_who_approves_with_another_date_publishes_that(
    client: Client, submitted: InsightPage
) -> None:
    log_in(client, "Moderators")
    form = {**FORM, "published_on": "2020-01-02"}
    client.post(edit_url(submitted), {**form, **APPROVE})
    submitted.refresh_from_db()
    assert submitted.published_on == datetime.date(2020, 1, 2)
    assert not submitted.has_unpublished_changes
    assert submitted.revisions.count() == 2
