"""The drill: a backup is put back into a new place, and every public answer is what it was."""

import tarfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from cms.models import CmsDocument, ContentPage, User
from cms.transfer.backups import archive, restoring, tables, writing
from cms.transfer.backups.archive import BackupError
from frontend_api.changes import versions
from frontend_api.webhooks.models import WebhookRecipient
from tests import factories

from .drill import answers, fill


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_put_back_into_a_new_place_and_every_answer_is_equal(
    media: Path, tmp_path: Path, go_elsewhere: Callable[[], None]
) -> None:
    fill()
    before, stood = answers(), versions.current()
    file = tmp_path / "site.tar"
    call_command("backup", str(file), stdout=StringIO())
    assert file.stat().st_mode & 0o777 == 0o600
    go_elsewhere()
    assert not User.objects.exists()
    assert answers().keys() != before.keys()

    call_command("restore", str(file), copy=True, stdout=StringIO())

    assert answers() == before
    # A second look comes from the cache, which holds nothing of what was there between.
    assert answers() == before
    now = versions.current()
    assert now.version > stood.version
    assert now.epoch != stood.epoch
    assert User.objects.get().check_password("password")
    assert not WebhookRecipient.objects.get().is_enabled
    # New objects get keys that are free.
    factories.ContentPageFactory()


@pytest.fixture
def small(media: Path, tmp_path: Path) -> Path:
    """Return a backup of a site with a page and a document."""
    factories.ContentPageFactory(title="Kept", slug="kept")
    factories.DocumentFactory(title="Kept")
    writing.write(tmp_path / "small.tar")
    return tmp_path / "small.tar"


def state() -> tuple[Any, ...]:
    titles = ContentPage.objects.order_by("pk").values_list("title", flat=True)
    return (*titles, *CmsDocument.objects.values_list("title", "file"), versions.current())


@pytest.mark.django_db(transaction=True)
def test_content_is_replaced_only_if_that_is_said_and_files_are_never(
    small: Path, media: Path
) -> None:
    kept = CmsDocument.objects.get()
    name = kept.file.name
    kept.delete()
    default_storage.delete(name)
    other = factories.DocumentFactory(
        title="Other", file=ContentFile(b"Not the same", name="report.txt")
    )
    assert other.file.name == name
    before = state()
    with pytest.raises(CommandError, match="--force"):
        call_command("restore", str(small))
    assert state() == before

    call_command("restore", str(small), force=True, stdout=StringIO())

    document = CmsDocument.objects.get()
    assert document.title == "Kept"
    assert document.file.name != name
    with document.file.open() as stored:
        assert stored.read() == b"Twelve bytes"
    with default_storage.open(name) as file:
        assert file.read() == b"Not the same"


@pytest.mark.django_db(transaction=True)
def test_a_restore_that_fails_at_its_end_leaves_everything_as_it_was(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.ContentPageFactory(title="Later", slug="later")
    before = state()

    def crash(is_copy: bool) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(restoring, "_settle", crash)
    with pytest.raises(KeyboardInterrupt):
        restoring.restore(small, replaces=True)
    assert state() == before


@pytest.mark.django_db(transaction=True)
def test_a_backup_shows_one_moment_while_others_write(
    media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.ContentPageFactory(title="Before", slug="before")
    add = writing._add_table

    def write_meanwhile(connection: Any, tar: Any, table: Any) -> int:
        if table.model is ContentPage:
            # On another connection: the backup keeps nobody from writing.
            factories.ContentPageFactory(title="Meanwhile", slug="meanwhile")
        return add(connection, tar, table)

    monkeypatch.setattr(writing, "_add_table", write_meanwhile)
    writing.write(tmp_path / "site.tar")
    assert ContentPage.objects.filter(slug="meanwhile").exists()
    restoring.restore(tmp_path / "site.tar", replaces=True)
    assert ContentPage.objects.get().title == "Before"


@pytest.mark.django_db(transaction=True)
def test_it_is_begun_again_when_a_file_is_deleted_meanwhile_and_names_what_was_missing_before(
    media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = factories.DocumentFactory(title="First"), factories.DocumentFactory()
    lost = factories.DocumentFactory(title="Lost")
    default_storage.delete(lost.file.name)
    groups, asked = writing.groups, []

    def delete_meanwhile(connection: Any, tables: Any) -> Any:
        if not asked:
            name = first.file.name
            first.delete()
            default_storage.delete(name)
        asked.append(True)
        return groups(connection, tables)

    monkeypatch.setattr(writing, "groups", delete_meanwhile)
    written = writing.write(tmp_path / "site.tar")
    assert len(asked) == 2
    assert written.files == 1
    assert written.missing == [f"cms.CmsDocument.file/{lost.file.name}"]
    restored = restoring.restore(tmp_path / "site.tar", replaces=True)
    assert restored.missing == 1
    assert set(CmsDocument.objects.values_list("title", flat=True)) == {second.title, "Lost"}


@pytest.mark.django_db(transaction=True)
def test_whatever_is_damaged_is_refused_before_anything_is_changed(small: Path) -> None:
    whole, before = small.read_bytes(), state()
    damaged = small.with_name("damaged.tar")
    at = whole.index(b"Twelve bytes")
    with tarfile.open(small) as opened:
        last = opened.getmembers()[-1].offset
    for content in (
        b"",
        b"no archive at all" * 100,
        whole[: len(whole) // 2],
        whole[:at] + b"t" + whole[at + 1 :],
        whole[:last],
    ):
        damaged.write_bytes(content)
        with pytest.raises(BackupError, match=str(damaged)):
            archive.check(damaged)
        with pytest.raises(CommandError, match=r"damaged\.tar"):
            call_command("restore", str(damaged), force=True)
    assert state() == before
    call_command("restore", str(small), check=True, stdout=(out := StringIO()))
    assert "whole" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_is_said_in_a_sentence(small: Path, tmp_path: Path) -> None:
    for arguments, match in (
        (["backup", str(small)], "there already"),
        (["backup", str(tmp_path / "no" / "folder.tar")], "cannot be written"),
        (["restore", str(tmp_path / "nothing.tar")], "cannot be read"),
        (["restore", str(tmp_path)], "cannot be read"),
    ):
        with pytest.raises(CommandError, match=match):
            call_command(*arguments)
    assert not [*tmp_path.glob("*.part")]
    call_command("backup", str(small), force=True, stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_other_code_is_refused(small: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('cms', '9999_later', %s)",
            ["2026-01-01 00:00:00+00:00"],
        )
    writing.write(small, replaces=True)
    with pytest.raises(BackupError, match="cms 9999_later"):
        restoring.restore(small, replaces=True)


def test_what_is_left_out_of_a_backup_is_there() -> None:
    there = {table.model._meta.label for table in tables.all_tables()}
    # Each database has an index of its own.
    elsewhere = (
        {"wagtailsearch.SQLiteFTSIndexEntry"} if connection.vendor == "postgresql" else set()
    )
    assert tables.LEFT_OUT - there == elsewhere
