"""The commands of the change log, and those that change content."""

import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail.signals import page_published

from frontend_api.changes import versions
from frontend_api.changes.models import Change, ChangeLog, Kind
from frontend_api.changes.tags import EVERYTHING
from frontend_api.changes.transaction import log
from frontend_api.changes.versions import State, TagVersions
from frontend_api.changes.writing import PendingChange
from insights.models import InsightPage
from tests import factories

pytestmark = pytest.mark.django_db


def unchanged(known: TagVersions, tag: str, since: State, now: State) -> bool:
    """Tell whether a tag is known to be as it was."""
    return known.unchanged({tag}, since, since, now)


def run(command: str, *arguments: str) -> str:
    """Return what a command says."""
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["invalidate_all", "bump"])
def test_everything_is_made_old(name: str) -> None:
    factories.ThemeFactory()
    before = versions.current()
    said = run(name)
    after = versions.current()
    assert said == f"Everything is new as of version {before.version + 1}.\n"
    assert after.version == before.version + 1
    assert after.epoch != before.epoch
    assert Change.objects.latest("version").tags == [EVERYTHING]
    assert not unchanged(TagVersions(), "page:1", before, after)


def age(days: int, *numbers: int) -> None:
    """Make changes old."""
    made_at = timezone.now() - datetime.timedelta(days=days)
    Change.objects.filter(version__in=numbers).update(made_at=made_at)


def test_pruning_keeps_a_horizon_without_a_gap() -> None:
    Change.objects.all().delete()
    for _ in range(4):
        run("invalidate_all")
    first, second, third, last = Change.objects.values_list("version", flat=True)
    # A clock that was set back: the second is older than the first.
    age(40, second)
    age(20, first, third)
    assert run("prune_changes") == "Deleted 0 changes.\n"
    age(40, first)
    assert run("prune_changes") == "Deleted 2 changes.\n"
    assert run("prune_changes", "--days", "0") == "Deleted 1 change.\n"
    assert list(Change.objects.values_list("version", flat=True)) == [last]
    assert ChangeLog.objects.get().version == last


@pytest.mark.parametrize("days", ["-1", "36501"])
def test_pruning_takes_a_number_of_days(days: str) -> None:
    with pytest.raises(CommandError, match=f"--days is {days}; it must be between 0 and 36500."):
        run("prune_changes", "--days", days)


def test_what_cannot_be_published_holds_up_nothing(caplog: pytest.LogCaptureFixture) -> None:
    due = timezone.now() - datetime.timedelta(minutes=1)
    pages = [factories.InsightPageFactory(live=False, title=f"Page {n}") for n in range(3)]
    for page in pages:
        revision = page.save_revision(approved_go_live_at=due)
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=due)
    expired = factories.InsightPageFactory(expire_at=due)

    def refuse(instance: Page, **kwargs: Any) -> None:
        if instance.title == "Page 1":
            raise RuntimeError("It cannot be published.")

    page_published.connect(refuse)
    try:
        with pytest.raises(CommandError, match="Page 1 is published"):
            run("publish_scheduled")
    finally:
        page_published.disconnect(refuse)
    live = set(InsightPage.objects.live().values_list("title", flat=True))
    assert live == {"Page 0", "Page 2"}
    assert not Page.objects.get(pk=expired.pk).live
    assert "Scheduled, and not done: Page 1 is published" in caplog.text
    kinds = Change.objects.filter(object_id=str(pages[1].pk)).values_list("kind", flat=True)
    assert list(kinds) == []
    run("publish_scheduled")
    assert InsightPage.objects.get(pk=pages[1].pk).live


def test_what_has_a_parent_without_drafts_expires_too() -> None:
    # Half of a sponsor is in the table of persons; all of a page is in that of pages, and done with them.
    due = timezone.now() - datetime.timedelta(minutes=1)
    sponsor = factories.SponsorFactory(expire_at=due)
    page = factories.InsightPageFactory(expire_at=due)
    run("publish_scheduled")
    sponsor.refresh_from_db()
    page.refresh_from_db()
    assert (sponsor.live, sponsor.expired) == (False, True)
    assert (page.live, page.expired) == (False, True)
    unpublished = Change.objects.filter(object_id=str(page.pk), kind="unpublished")
    assert unpublished.count() == 1


def test_a_dry_run_changes_nothing() -> None:
    factories.InsightPageFactory(expire_at=timezone.now() - datetime.timedelta(minutes=1))
    version = versions.current().version
    assert "Expired objects to be deactivated" in run("publish_scheduled", "--dryrun")
    assert versions.current().version == version


def test_wagtails_own_commands_are_recorded() -> None:
    page = factories.InsightPageFactory()
    section = factories.ContentPageFactory()
    Page.objects.filter(pk=page.pk).update(url_path="/wrong/")
    before = versions.current().version
    run("set_url_paths")
    run("move_pages", str(factories.insight_index().pk), str(section.pk))
    of_page = Change.objects.filter(object_id=str(page.pk), version__gt=before)
    assert list(of_page.values_list("kind", flat=True)) == ["updated", "moved"]
    run("fixtree", "--noinput")
    assert Change.objects.latest("version").tags == [EVERYTHING]


def test_what_is_older_than_what_is_known_is_rendered_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(versions, "MOST_CHANGES", 3)
    theme = factories.ThemeFactory()
    states = [versions.current()]
    for number in range(5):
        theme.name = f"Theme {number}"
        theme.save()
        states.append(versions.current())
    known = TagVersions()
    assert not unchanged(known, "page:1", states[0], states[-1])
    assert unchanged(known, "page:1", states[-2], states[-1])
    assert not unchanged(known, f"cms_theme:{theme.pk}", states[-2], states[-1])


def test_a_gap_in_the_log_is_noticed() -> None:
    states = []
    for _ in range(4):
        run("invalidate_all")
        log(PendingChange(Kind.OTHER, tags={"x"}))
        states.append(versions.current())
    *_, third, last = states
    Change.objects.filter(version=third.version - 1).delete()
    known = TagVersions()
    log(PendingChange(Kind.OTHER, tags={"y"}))
    after = versions.current()
    assert unchanged(known, "page:1", last, after)
    assert not unchanged(known, "page:1", third._replace(epoch=after.epoch), after)


def test_few_tags_are_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "MOST_TAGS", 10)
    states = [versions.current()]
    for _ in range(12):
        factories.ThemeFactory()
        states.append(versions.current())
    known = TagVersions()
    assert not unchanged(known, "page:1", states[0], states[-1])
    assert unchanged(known, "page:1", states[-2], states[-1])
    assert len(known._changed) <= 10


def test_the_log_starts_by_itself() -> None:
    last = Change.objects.latest("version").version
    ChangeLog.objects.all().delete()
    assert versions.current().version == last
    factories.ThemeFactory()
    assert versions.current().version > last
