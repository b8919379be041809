"""Emptying and migrating a database are changes of everything."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connections
from django.test import TransactionTestCase
from wagtail.models import Page

from frontend_api.changes import versions
from frontend_api.changes.models import Change, ChangeLog, Kind
from frontend_api.changes.versions import TagVersions
from tests import factories


class AHostProjectsTest(TransactionTestCase):
    """What somebody who installs this writes, with the teardown that Django has."""

    def test_a_flush_empties_the_database_and_makes_everything_old(self) -> None:
        factories.ThemeFactory()
        before = versions.current()
        call_command("flush", interactive=False, stdout=StringIO())
        assert not Page.objects.exists()
        after = versions.current()
        assert after.epoch != before.epoch
        assert not TagVersions().unchanged(["cms_theme:1"], before, before, after)
        assert [one.kind for one in Change.objects.all()] == [Kind.BUMPED]

    def test_a_flush_that_tells_nobody_leaves_a_log_that_starts_by_itself(self) -> None:
        # As Django's own test cases do where other databases are inhibited.
        call_command("flush", interactive=False, inhibit_post_migrate=True, reset_sequences=False)
        assert not ChangeLog.objects.exists()
        assert versions.current().version == 0
        call_command("invalidate_all", stdout=StringIO())
        assert versions.current().version == 1


@pytest.mark.django_db
@pytest.mark.parametrize("plan", [None, [("a migration", False)]], ids=["flush", "migrate"])
def test_what_was_migrated_makes_everything_old(plan: object) -> None:
    before = versions.current()
    emit_post_migrate_signal(0, False, connections["default"].alias, plan=plan)
    assert versions.current().version == before.version + 1


@pytest.mark.django_db
def test_migrating_nothing_changes_nothing() -> None:
    before = versions.current()
    emit_post_migrate_signal(0, False, connections["default"].alias, plan=[])
    call_command("migrate", verbosity=0)
    assert versions.current() == before
