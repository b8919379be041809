"""An upgrade from the last release and the way back, with its own code beside the new one, on a site that has content.

Readers of either see at once what the other publishes; taken back, nothing is lost, and no answer is another.
"""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.conftest import RUN_FOLDER
from tests.tooling.test_migrations_are_safe import RELEASED, apps_of_ours

from .asking import get
from .servers import ROOT, database_address, end, free_port, start

pytestmark = pytest.mark.long

LISTINGS = ("pages/?limit=100", "programmes/", "insights/?limit=100", "images/", "documents/")

PUBLISH = """
from insights.models import InsightPage
page = InsightPage.objects.get(pk={key})
page.title = {title!r}
page.save_revision().publish()
"""

MIGRATE = """
from django.core.management import call_command
for app, name in {names!r}:
    call_command("migrate", app, name, verbosity=0, interactive=False)
"""


class Release:
    """The code of a release, and its server."""

    def __init__(self, code: Path, environment: dict[str, str]) -> None:
        self.code, self.port = code, free_port()
        self.environment = {**environment, "PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, *arguments: str) -> None:
        """Run Python with this code, to its end."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.code,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}\n{done.stdout}"

    def script(self, text: str) -> None:
        """Run some lines with this code."""
        self.run("-c", f"import django\ndjango.setup()\n{text}")

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Have a server, always at the same port."""
        process = start(
            "wsgi",
            self.port,
            "cms.wsgi:application",
            "/admin/login/",
            self.environment,
            code=self.code,
        )
        try:
            yield
        finally:
            end(process)

    def read(self, address: str) -> Any:
        """Return what readers are answered."""
        status, body = get(self.port, address)
        assert status == 200, (address, status, body[:500])
        return json.loads(body)

    def answers(self) -> dict[str, Any]:
        """Return all that readers are answered."""
        found = {address: self.read(address) for address in ("site/", *LISTINGS)}
        for address in [one for one in found if one in LISTINGS]:
            kind = address.partition("/")[0]
            for item in found[address]["items"]:
                found[f"{kind}/{item['id']}/"] = self.read(f"{kind}/{item['id']}/")
        return found


class Readers:
    """Somebody who reads on and on; what is not answered is kept."""

    def __init__(self, release: Release, addresses: Iterable[str]) -> None:
        self.lost: list[str] = []
        self.count = 0
        self._release, self._addresses = release, list(addresses)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._read)

    def _read(self) -> None:
        while not self._is_over.is_set():
            for address in self._addresses:
                try:
                    self._release.read(address)
                except (AssertionError, OSError) as error:
                    self.lost.append(f"{address}: {error!r}")
                self.count += 1

    def __enter__(self) -> "Readers":
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._is_over.set()
        self._thread.join()


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout


@pytest.fixture
def environment(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, process_name: str
) -> dict[str, str]:
    """The environment of both, with a database in which there is nothing."""
    if os.environ.get("REQUIRE_RELEASE", "") in {"", "0"}:
        pytest.skip(
            "REQUIRE_RELEASE=1 has the code of the last release run, too: that takes minutes."
        )
    folder = request.config.stash[RUN_FOLDER]
    here = databases.for_run(folder)
    with django_db_blocker.unblock(), databases.one_process_at_a_time(folder):
        here.start()
        here.use(f"released_{process_name}")
        address = database_address()
        here.use(process_name)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.local",
        "DATABASE_URL": address,
        "MEDIA_ROOT": str(folder / "released_media"),
    }


@pytest.fixture
def released(environment: dict[str, str], tmp_path: Path) -> Release:
    """The last release, as its commit has it."""
    versions = [
        [int(number) for number in re.findall(r"\d+", path.stem)]
        for path in (ROOT / "docs" / "releases").glob("openapi-*.json")
    ]
    version = ".".join(map(str, max(versions)))
    pattern = f"^Release {re.escape(version)},"
    commit = (
        git("log", "-1", "--format=%H", "--extended-regexp", f"--grep={pattern}").decode().strip()
    )
    assert commit, f"The history has no release of {version}: clone all of it."
    code = tmp_path / "released"
    code.mkdir()
    subprocess.run(["tar", "-x", "-C", str(code)], input=git("archive", commit), check=True)
    return Release(code, environment)


def test_the_last_release_serves_beside_this_one_and_comes_back_with_everything(
    released: Release, environment: dict[str, str]
) -> None:
    this = Release(ROOT, environment)
    for command in ("migrate", "load_demo"):
        released.run("manage.py", command, "--verbosity=0")
    with released.serving():
        at_first = released.answers()
        key = next(item["id"] for item in at_first["insights/?limit=100"]["items"])
        with Readers(released, at_first) as readers:
            this.run("manage.py", "migrate", "--noinput", "--verbosity=0")
            with this.serving():
                assert set(this.answers()) == set(at_first)
                for number, writer in enumerate((this, released)):
                    title = f"Heliotrope {number}"
                    writer.script(PUBLISH.format(key=key, title=title))
                    for reader in (released, this):
                        assert reader.read(f"insights/{key}/")["title"] == title
                        assert title in str(reader.read("insights/?limit=100"))
                new = this.answers()
                # What came later, such as this index, has nothing of what the old code has published until then.
                for command in ("update_index", "invalidate_all"):
                    this.run("manage.py", command, "--verbosity=0")
                assert title in str(this.read("pages/?search=heliotrope"))
        assert readers.lost == []
        assert readers.count > len(at_first)
        old = released.answers()
    back = {**dict.fromkeys(sorted(apps_of_ours()), "zero"), **RELEASED}
    this.script(MIGRATE.format(names=list(back.items())))
    with released.serving():
        assert released.answers() == old
    this.run("manage.py", "migrate", "--noinput", "--verbosity=0")
    with this.serving():
        assert this.answers() == new
