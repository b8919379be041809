"""A backup is put back on the other database, and by later code than it was made by."""

import json
import lzma
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from wagtail.models import Site

from cms.models import User
from cms.transfer.backups import restoring, writing
from insights.models import InsightPage
from tests import databases
from tests.conftest import RUN_FOLDER
from tests.e2e.servers import ROOT

from .drill import answers, fill

# Both migrate a database from nothing, and go from one database to the other: that is done once, beside PostgreSQL.
pytestmark = pytest.mark.skipif(
    settings.TEST_DATABASE == "sqlite", reason="It goes to the other database, and so runs there."
)

OLDER = Path(__file__).with_name("older.tar.xz")
"""A backup of SQLite, from before there were migrations of `accounts`, `audit` and `transfer`."""


@pytest.fixture
def nothing(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    process_name: str,
) -> Iterator[None]:
    """A database without a single table."""
    here = databases.for_run(request.config.stash[RUN_FOLDER])
    with django_db_blocker.unblock():
        here.use(f"nothing_{process_name}")
        try:
            yield
        finally:
            here.use(process_name)
            ContentType.objects.clear_cache()
            Site.clear_site_root_paths_cache()


def test_a_backup_of_an_older_release_is_migrated_to_this_one(
    nothing: None, media: Path, tmp_path: Path
) -> None:
    older = tmp_path / "older.tar"
    older.write_bytes(lzma.decompress(OLDER.read_bytes()))

    restored = restoring.restore(older)

    assert restored.files == 9
    call_command("migrate", check_unapplied=True, verbosity=0)
    client = Client()
    page = client.get("/api/v2/pages/find/", {"html_path": "/kept/"}).json()
    assert page["title"] == "Kept"
    [document] = page["body"]
    address = document["value"]["document"]["meta"]["download_url"].partition("8000")[2]
    assert client.get(address).getvalue() == b"Twelve bytes"
    [insight] = client.get("/api/v2/insights/", {"fields": "*"}).json()["items"]
    assert insight["title"] == "An insight"
    assert insight["image"]["sources"]
    found = client.get("/api/v2/search/", {"q": "insight"}).json()["items"]
    assert insight["id"] in [item["id"] for item in found]
    draft = InsightPage.objects.get().get_latest_revision_as_object()
    assert draft.title == "A draft of it"
    assert User.objects.get().check_password("password")
    # What came later has its tables, and a backup of now is of this release.
    written = writing.write(tmp_path / "now.tar")
    assert written.missing == []


def on_sqlite(folder: Path, *arguments: str) -> None:
    """Run a command on a SQLite of its own."""
    given = {
        "database": {"NAME": str(folder / "db.sqlite3")},
        "media": str(folder / "media"),
        "static": str(folder),
    }
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.served",
        "TEST_DATABASE": "sqlite",
        "BENCHMARK": json.dumps(given),
    }
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_postgresql_is_put_back_on_sqlite_and_the_other_way_round(
    media: Path, tmp_path: Path
) -> None:
    fill()
    before = answers()
    there, back = tmp_path / "there.tar", tmp_path / "back.tar"
    writing.write(there)
    other = tmp_path / "sqlite"
    other.mkdir()
    on_sqlite(other, "restore", str(there))
    on_sqlite(other, "backup", str(back))
    User.objects.all().delete()

    restoring.restore(back, replaces=True)

    assert answers() == before
    assert User.objects.get().check_password("password")
