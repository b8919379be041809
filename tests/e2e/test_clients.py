"""Clients made of the API's description: ours in TypeScript, built and asked of the demo site."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from cms.models import ContentPage
from frontend_api.openapi.document import as_json
from frontend_api.previews import typed_drafts
from frontend_api.redirects.models import FormerPath
from tests import databases
from tests.conftest import RUN_FOLDER
from tests.previews import log_in

from .servers import DEMO, ROOT, end, free_port, load_demo, own_database, start

pytestmark = [pytest.mark.once, pytest.mark.long]

CLIENT = ROOT / "clients" / "typescript"
MADE = shutil.ignore_patterns("node_modules", "dist", "snippets", "types.ts")
DRAFT_PATH = "/about/"


@pytest.fixture(scope="module")
def npm() -> str:
    """Where npm is."""
    found = shutil.which("npm")
    if found is None:
        missing = "There is no npm: install it (`apt-get install npm`)."
        if os.environ.get("REQUIRE_NODE", "") not in {"", "0"}:
            pytest.fail(missing)
        pytest.skip(missing)
    return found


def run(folder: Path, *command: str, **environment: str) -> None:
    """Run a program in a folder, and show what it says if it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def client(npm: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client, built in a folder of its own from the description as it is committed, with its own tests passed."""
    root = tmp_path_factory.mktemp("repository")
    (root / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "openapi.json", root / "docs")
    folder = shutil.copytree(CLIENT, root / "clients" / "typescript", ignore=MADE)
    run(folder, npm, "ci", "--silent")
    run(folder, npm, "run", "--silent", "check")
    return folder


@pytest.fixture(scope="module")
def service(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    process_name: str,
) -> Iterator[dict[str, str]]:
    """The demo site at an address, with a redirect, a page that is gone for good, and an editor's draft of a page.

    What a client needs to know of it comes as an environment.
    """
    media = load_demo(request, django_db_blocker, process_name)
    name = f"clients_{process_name}"
    frontend = "http://localhost:3000"
    address = own_database(request, django_db_blocker, process_name, name, DEMO, frontend=frontend)
    run_databases = databases.for_run(request.config.stash[RUN_FOLDER])
    with django_db_blocker.unblock():
        run_databases.use(name)
        try:
            token = furnish()
        finally:
            connections.close_all()
            run_databases.use(process_name)
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.local",
        "DATABASE_URL": address,
        "MEDIA_ROOT": str(media),
        "FRONTEND_URL": frontend,
    }
    server = start("asgi", port, "cms.asgi:application", "/api/v2/site/", environment)
    try:
        yield {"API_URL": f"http://localhost:{port}/api/v2/", "TOKEN": token, "DRAFT_PATH": DRAFT_PATH}
    finally:
        end(server)


def furnish() -> str:
    """Make what the demo site does not have, and return the token that shows a draft."""
    site = Site.objects.get(is_default_site=True)
    page = ContentPage.objects.get(slug=DRAFT_PATH.strip("/"), locale=site.root_page.locale)
    Redirect.objects.create(old_path="/old", redirect_page=page, site=site)
    FormerPath.objects.create(site=site, path="/ended")
    page.title = "A draft"
    browser, user = log_in()
    return typed_drafts.keep(page, user, str(browser.session.session_key))


def test_ours_is_typed_and_asks_the_service(
    client: Path, npm: str, service: dict[str, str]
) -> None:
    run(client, npm, "run", "--silent", "live", **service)


def test_ours_knows_the_types_of_a_plugin(client: Path, npm: str) -> None:
    program = client / "tests" / "plugin"
    (program / "openapi.json").write_bytes(as_json())
    types = ["openapi.json", "--default-non-nullable=false", "--output", "types.ts"]
    run(program, str(client / "node_modules" / ".bin" / "openapi-typescript"), *types)
    run(program, str(client / "node_modules" / ".bin" / "tsc"))
