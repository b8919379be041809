"""A schedule that has done its work stands in nobody's way; one that is typed newly must lie ahead."""

import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels.base import get_form_for_model
from wagtail.models import Revision
from wagtail.test.utils.form_data import streamfield

from insights.models import InsightPage
from tests import factories
from tests.cms.admin import PUBLISH, SUBMIT, TEXT, edit_url, form_errors, insight_form
from tests.cms.test_refusals import publish, told
from tests.events.models import Sponsor

pytestmark = pytest.mark.django_db

FUTURE = ["Expiry date/time must be in the future."]


def ago(**time: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(**time)


# One moment for all: a form shows minutes, and may be sent in the next one.
EXPIRED_AT = ago(hours=1)


def typed(moment: datetime.datetime) -> str:
    """Return a moment as it stands in a form."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def expired(**fields: Any) -> InsightPage:
    """Return a page that has expired."""
    page = factories.InsightPageFactory(expire_at=EXPIRED_AT, **fields)
    page.save_revision()
    call_command("publish_scheduled", stdout=StringIO())
    page.refresh_from_db()
    assert page.expired
    return page


def form(page: InsightPage, **fields: Any) -> dict[str, str]:
    left = {"expire_at": typed(EXPIRED_AT), "body": streamfield([TEXT])}
    return insight_form(**{"title": "Again", "slug": page.slug, **left, **fields})


def test_a_page_that_has_expired_is_saved_and_keeps_its_expiry(administrator: Client) -> None:
    page = expired()
    for headers in ({}, {"accept": "application/json"}, {}):
        response = administrator.post(edit_url(page), form(page), headers=headers)
        assert response.status_code == (200 if headers else 302), response.content
    draft = InsightPage.objects.get().get_latest_revision_as_object()
    assert draft.title == "Again"
    assert typed(draft.expire_at) == typed(page.expire_at)


def test_publishing_removes_it_and_says_so(administrator: Client) -> None:
    page = expired()
    administrator.get("/admin/")
    response = administrator.post(edit_url(page), {**form(page), **PUBLISH})
    assert "had passed, and was removed" in " ".join(told(administrator, response))
    page.refresh_from_db()
    assert (page.live, page.expired, page.expire_at) == (True, False, None)
    call_command("publish_scheduled", stdout=StringIO())
    page.refresh_from_db()
    assert page.live
    assert page.get_latest_revision_as_object().expire_at is None


def test_what_is_scheduled_anew_does_not_expire_before(administrator: Client) -> None:
    page = expired()
    ahead = timezone.now() + datetime.timedelta(days=1)
    sent = form(page, go_live_at=typed(ahead))
    assert administrator.post(edit_url(page), sent).status_code == 302
    assert administrator.post(edit_url(page), {**sent, **PUBLISH}).status_code == 302
    scheduled = InsightPage.objects.get().scheduled_revision.as_object()
    assert scheduled.expire_at is None


def test_a_go_live_that_has_passed_is_no_hindrance_either(administrator: Client) -> None:
    page = expired(go_live_at=ago(days=1))
    sent = form(page, go_live_at=typed(ago(days=1)))
    assert administrator.post(edit_url(page), sent).status_code == 302
    assert administrator.post(edit_url(page), {**sent, **SUBMIT}).status_code == 302
    assert administrator.post(edit_url(page), {**sent, **PUBLISH}).status_code == 302
    assert InsightPage.objects.get().live


@pytest.mark.parametrize("action", [{}, PUBLISH, SUBMIT])
def test_an_expiry_in_the_past_that_is_typed_now_is_an_error(
    administrator: Client, action: dict[str, str]
) -> None:
    page = expired()
    sent = {**form(page, expire_at=typed(ago(hours=2))), **action}
    assert form_errors(administrator.post(edit_url(page), sent)) == {"expire_at": FUTURE}
    fresh = factories.InsightPageFactory(slug="fresh")
    sent = {**form(fresh), **action}
    assert form_errors(administrator.post(edit_url(fresh), sent)) == {"expire_at": FUTURE}


def test_a_bulk_action_removes_it(administrator: Client) -> None:
    page = expired()
    publish(administrator, page)
    page.refresh_from_db()
    assert (page.live, page.expire_at) == (True, None)


def test_an_approval_removes_it(editor: Client, moderator: Client) -> None:
    page = expired()
    sent = form(page, expire_at=typed(timezone.now() + datetime.timedelta(hours=1)))
    editor.post(edit_url(page), {**sent, **SUBMIT})
    page = InsightPage.objects.get()
    revision = page.latest_revision
    revision.content["expire_at"] = ago(minutes=1).isoformat()
    revision.save()
    task = page.current_workflow_state.current_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    assert moderator.post(address, {"comment": ""}).status_code == 302
    page.refresh_from_db()
    assert (page.live, page.expire_at) == (True, None)


def test_what_comes_late_because_nothing_ran_expires_as_it_should() -> None:
    page = factories.InsightPageFactory(live=False, expire_at=EXPIRED_AT, go_live_at=ago(hours=2))
    page.save_revision(approved_go_live_at=ago(hours=2))
    for _ in range(2):
        call_command("publish_scheduled", stdout=StringIO())
    page.refresh_from_db()
    assert (page.live, page.expired) == (False, True)


def test_a_version_from_before_is_restored(administrator: Client) -> None:
    page = expired()
    old = page.latest_revision
    page.expire_at = None
    page.save_revision()
    url = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, old.pk])
    assert administrator.post(url, form(page)).status_code == 302
    assert administrator.post(url, {**form(page), **PUBLISH}).status_code == 302
    page.refresh_from_db()
    assert (page.live, page.expire_at) == (True, None)


def test_a_copy_of_what_has_expired_is_saved_and_published(administrator: Client) -> None:
    page = expired()
    sent = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": str(page.get_parent().pk)}
    administrator.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), sent)
    copy = InsightPage.objects.get(slug="copy")
    assert administrator.post(edit_url(copy), form(copy)).status_code == 302
    assert administrator.post(edit_url(copy), {**form(copy), **PUBLISH}).status_code == 302
    copy.refresh_from_db()
    assert (copy.live, copy.expire_at) == (True, None)


def test_snippets_with_drafts_likewise(administrator: Client) -> None:
    sponsor = Sponsor.objects.create(name="A sponsor", expire_at=EXPIRED_AT)
    sponsor.save_revision().publish()
    Sponsor.objects.filter(pk=sponsor.pk).update(expire_at=EXPIRED_AT)
    Revision.objects.for_instance(sponsor).delete()
    call_command("publish_scheduled", stdout=StringIO())
    sponsor.refresh_from_db()
    assert sponsor.expired
    form_class = get_form_for_model(Sponsor, fields=["name", "expire_at"])
    sent = {"name": "Again", "expire_at": typed(EXPIRED_AT)}
    assert form_class(sent, instance=sponsor).is_valid()
    newly = form_class({**sent, "expire_at": typed(ago(hours=2))}, instance=sponsor)
    assert newly.errors == {"expire_at": FUTURE}
    # The test's snippet has no schedule in its own form.
    edit = reverse("wagtailsnippets_events_sponsor:edit", args=[sponsor.pk])
    assert administrator.post(edit, {"name": "Again", **PUBLISH}).status_code == 302
    sponsor.refresh_from_db()
    assert (sponsor.name, sponsor.live, sponsor.expire_at) == ("Again", True, None)
