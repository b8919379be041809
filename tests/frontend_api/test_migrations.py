"""What the migrations of the API make of rows that are there, forwards and back.

They are released, so that it changes no more.
"""

import datetime
from importlib import import_module
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page

from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.nightly]

# Its name is no identifier.
paths_of_tasks: Any = import_module("frontend_api.migrations.0009_paths_of_tasks")


def migrate(name: str) -> Any:
    """Bring the API to a migration, and return the models as they are there."""
    call_command("migrate", "frontend_api", name, verbosity=0, interactive=False)
    loader = MigrationExecutor(connection).loader
    return loader.project_state(
        [key for key in loader.applied_migrations if key[0] == "frontend_api"]
    ).apps


def test_fixed_links_take_along_what_they_show_and_end_where_that_is_lost() -> None:
    page = factories.ContentPageFactory(title="First")
    site, user = factories.default_site(), factories.UserFactory()
    kept, saved_over = page.save_revision(), page.save_revision()
    now = timezone.now()

    links = migrate("0003").get_model("frontend_api", "SharedDraft").objects
    common = {"page_id": page.pk, "site_id": site.pk, "made_by_id": user.pk, "expires_at": now}
    for name, revision in {"kept": kept, "saved over": saved_over, "follows": None}.items():
        links.create(
            **common,
            made_for=name,
            token_digest=name,
            created_at=now,
            revision_id=revision and revision.pk,
        )
    saved_over.created_at = now + datetime.timedelta(seconds=1)
    saved_over.save()

    links = migrate("0005").get_model("frontend_api", "SharedDraft").objects
    after = {link.made_for: link for link in links.all()}
    assert {name: link.is_fixed for name, link in after.items()} == {
        "kept": True,
        "saved over": True,
        "follows": False,
    }
    assert after["kept"].content["title"] == "First"
    assert after["follows"].content is None
    assert not after["saved over"].content
    ended = {name for name, link in after.items() if link.revoked_at}
    assert ended == {"saved over"}

    # Without its content a fixed link would follow the draft.
    links = migrate("0003").get_model("frontend_api", "SharedDraft").objects
    ended = {link.made_for for link in links.all() if link.revoked_at}
    assert ended == {"saved over", "kept"}


def test_tasks_that_wait_are_found_where_they_have_moved() -> None:
    waiting = DBTaskResult.objects.order_by("task_path")

    migrate("0008")
    before = {*paths_of_tasks.MOVED, "elsewhere.tasks.image_changed"}
    for path in before:
        DBTaskResult.objects.create(
            task_path=path, args_kwargs={"args": [], "kwargs": {}}, backend_name="background"
        )
    migrate("0009")
    paths = {*waiting.values_list("task_path", flat=True)}
    assert paths == {*paths_of_tasks.MOVED.values(), "elsewhere.tasks.image_changed"}
    for path in paths_of_tasks.MOVED.values():
        assert isinstance(import_string(path), Task)
    migrate("0008")
    assert {*waiting.values_list("task_path", flat=True)} == before
    migrate("0009")


def test_published_aliases_of_drafts_get_the_date_of_their_originals() -> None:
    page = factories.ContentPageFactory()
    alias = page.create_alias(update_slug="alias")
    second = alias.create_alias(update_slug="second")
    hidden = factories.ContentPageFactory(live=False, first_published_at=None)
    migrate("0010")
    Page.objects.filter(pk__in=[alias.pk, second.pk]).update(first_published_at=None)
    migrate("0011")
    for each in (alias, second):
        assert Page.objects.get(pk=each.pk).first_published_at == page.first_published_at
    assert Page.objects.get(pk=hidden.pk).first_published_at is None
    migrate("0010")
    assert Page.objects.get(pk=alias.pk).first_published_at == page.first_published_at
    migrate("0011")
