"""What is due is done once, in order, whoever else does it, and waits for nobody."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.models import Page, Revision

from frontend_api.changes.models import Change
from frontend_api.scheduling import doing
from frontend_api.scheduling.doing import do_due
from frontend_api.scheduling.models import ScheduleFailure
from insights.models import InsightPage
from tests import factories
from tests.threads import Elsewhere

from .pages import EXPIRED, ago, done, refusing, scheduled

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_due_is_done_in_the_order_of_its_time() -> None:
    for title, minutes in (("second", 2), ("first", 3), ("third", 1)):
        scheduled(title, ago(minutes=minutes))
    later = scheduled("later", timezone.now() + timedelta(hours=1))
    over = factories.InsightPageFactory(expire_at=ago(seconds=1))
    stays = factories.InsightPageFactory(expire_at=timezone.now() + timedelta(hours=1))
    with refusing() as tried:
        assert do_due() == []
        assert do_due() == []
    assert tried == ["first", "second", "third"]
    live = {*InsightPage.objects.live().values_list("pk", flat=True)}
    assert stays.pk in live
    assert not live & {later.pk, over.pk}
    assert (done(over, EXPIRED), done(later)) == (1, 0)


def test_several_do_everything_once() -> None:
    pages = [scheduled(f"Page {number}", ago(minutes=1)) for number in range(8)]
    over = [factories.InsightPageFactory(expire_at=ago(minutes=1)) for _ in range(4)]
    ready = threading.Barrier(3)

    def work() -> None:
        ready.wait()
        for _ in range(2):
            assert do_due() == []

    workers = [Elsewhere(work) for _ in range(3)]
    for one in workers:
        one.join()
    assert [done(page) for page in pages] == [1] * 8
    assert [done(page, EXPIRED) for page in over] == [1] * 4
    changes = Change.objects.filter(kind__in=("published", "unpublished"))
    published = [*changes.values_list("object_id", "kind").order_by("version")]
    assert len(published) >= 12
    assert len([one for one in published if one[1] == "unpublished"]) == 4
    assert not ScheduleFailure.objects.exists()


def test_what_somebody_else_holds_is_left_to_them_and_stops_nothing() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("One transaction at a time writes on SQLite.")
    held, free = scheduled("held", ago(minutes=2)), scheduled("free", ago(minutes=1))
    with transaction.atomic():
        Page.objects.select_for_update().get(pk=held.pk)
        Elsewhere(do_due).join()
        assert (done(held), done(free)) == (0, 1)
    assert not ScheduleFailure.objects.exists()
    do_due()
    assert done(held) == 1


def test_what_an_editor_takes_back_meanwhile_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    taken_back, over = (
        scheduled("x", ago(minutes=1)),
        factories.InsightPageFactory(expire_at=ago(minutes=2)),
    )
    found = doing.due

    def take_back(now: Any) -> Any:
        items = found(now)
        Revision.objects.filter(object_id=str(taken_back.pk)).update(approved_go_live_at=None)
        Page.objects.filter(pk=over.pk).update(expire_at=None)
        return items

    monkeypatch.setattr(doing, "due", take_back)
    assert do_due() == []
    assert (done(taken_back), done(over, EXPIRED)) == (0, 0)


def test_it_begins_with_nothing_new_after_some_seconds() -> None:
    pages = [scheduled(f"Page {number}", ago(minutes=5 - number)) for number in range(3)]
    do_due(seconds=0)
    assert [done(page) for page in pages] == [0, 0, 0]
    do_due(seconds=60)
    assert [done(page) for page in pages] == [1, 1, 1]


def test_what_has_no_model_any_more_is_passed_over() -> None:
    page = scheduled("x", ago(minutes=1))
    gone = ContentType.objects.create(app_label="gone", model="gone")
    Revision.objects.filter(object_id=str(page.pk)).update(content_type=gone)
    assert do_due() == []
    assert done(page) == 0


@settings(max_examples=5)
@given(
    acts=st.lists(
        st.tuples(st.booleans(), st.integers(-2, 2), st.booleans()), min_size=1, max_size=5
    )
)
def test_whatever_is_due_and_whatever_fails_each_is_done_once(
    acts: list[tuple[bool, int, bool]],
) -> None:
    """A number of hours from now, published or expiring; what fails is done once it no longer does."""
    made = []
    for number, (goes_live, hours, fails) in enumerate(acts):
        at = timezone.now() + timedelta(hours=hours, seconds=-1)
        title = f"Page {number} {fails}"
        page = (
            scheduled(title, at)
            if goes_live
            else factories.InsightPageFactory(title=title, expire_at=at)
        )
        made.append((page, goes_live, hours <= 0, goes_live and fails))
    with refusing(*(page.title for page, *_, fails in made if fails)):
        failed = do_due()
        do_due()
    due = [(page, goes_live) for page, goes_live, is_due, _ in made if is_due]
    assert sorted(failed) == sorted(
        f"{page} is published" for page, _, is_due, fails in made if is_due and fails
    )
    for page, goes_live, is_due, fails in made:
        expected = is_due and not fails
        assert done(page, EXPIRED if not goes_live else "wagtail.publish.scheduled") == expected
        assert Page.objects.get(pk=page.pk).live == (expected if goes_live else not expected)
    ScheduleFailure.objects.update(next_attempt_at=ago(seconds=1))
    do_due()
    assert all(Page.objects.get(pk=page.pk).live == goes_live for page, goes_live in due)
    assert not ScheduleFailure.objects.exists()
    Page.objects.filter(pk__in=[page.pk for page, *_ in made]).delete()
