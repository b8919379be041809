"""Clients made of the API's description list, read and preview: ours in TypeScript, and those that generators make."""

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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

from . import node
from .servers import DEMO, ROOT, end, free_port, load_demo, own_database, start

pytestmark = [pytest.mark.once, pytest.mark.long]

DESCRIPTION = ROOT / "docs" / "openapi.json"
GENERATED = ROOT / "tests" / "clients"
DRAFT_PATH = "/about/"


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
def client(request: pytest.FixtureRequest) -> Path:
    """The client, built from the description as it is committed, with its own tests passed."""
    folder = node.built_client(request.config.stash[RUN_FOLDER])
    node.npm(folder, "test")
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
        yield {
            "API_URL": f"http://localhost:{port}/api/v2/",
            "TOKEN": token,
            "DRAFT_PATH": DRAFT_PATH,
        }
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


def test_ours_is_typed_and_asks_the_service(client: Path, service: dict[str, str]) -> None:
    node.npm(client, "run", "live", **service)


def test_ours_is_installed_from_a_tarball_and_knows_the_types_of_a_plugin(
    client: Path, tmp_path: Path
) -> None:
    # It is built already.
    node.npm(client, "pack", "--ignore-scripts", "--pack-destination", str(tmp_path))
    [tarball] = tmp_path.glob("*.tgz")
    website = shutil.copytree(client / "tests" / "plugin", tmp_path / "website")
    node.npm(website, "install", "--prefer-offline", str(tarball))
    (website / "openapi.json").write_bytes(as_json())
    programs = client / "node_modules" / ".bin"
    types = ["openapi.json", "--default-non-nullable=false", "--output", "types.ts"]
    run(website, str(programs / "openapi-typescript"), *types)
    run(website, str(programs / "tsc"))


def test_those_of_hey_api_and_orval_list_read_and_preview(
    service: dict[str, str], tmp_path: Path
) -> None:
    folder = node.copied(GENERATED, tmp_path / "clients")
    shutil.copy(DESCRIPTION, folder)
    node.npm(folder, "ci")
    node.npm(folder, "run", "check")
    node.npm(folder, "run", "live", **service)


def test_that_of_openapi_python_client_lists_reads_and_previews(
    service: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = Path(sys.executable).parent
    # It has its code formatted by ruff.
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    target = ["--output-path", str(tmp_path / "made_client"), "--meta", "none"]
    generate = [str(programs / "openapi-python-client"), "generate", "--path", str(DESCRIPTION)]
    run(tmp_path, *generate, *target, PATH=path)
    monkeypatch.syspath_prepend(tmp_path)
    made = importlib.import_module("made_client")
    api = "made_client.api"
    origin = service["API_URL"].partition("/api/")[0]
    with made.Client(base_url=origin, raise_on_unexpected_status=True) as client:
        status = importlib.import_module("made_client.models").ProgrammesListStatus.COMPLETED
        listing = importlib.import_module(f"{api}.programmes.programmes_list").sync(
            client=client, status=status, limit=2
        )
        [first, _] = listing.items
        find = importlib.import_module(f"{api}.pages.pages_find").sync
        page = find(client=client, html_path=urlsplit(first.meta.html_url).path)
        assert (type(page).__name__, page.title) == ("ProgrammePage", first.title)
        assert page.body
        missing = find(client=client, html_path="/nothing/")
        assert (type(missing).__name__, missing.status) == ("Problem", 404)
    with made.AuthenticatedClient(base_url=origin, token=service["TOKEN"]) as client:
        draft = importlib.import_module(f"{api}.preview.preview_show").sync(client=client)
        assert (type(draft).__name__, draft.title) == ("ContentPage", "A draft")
