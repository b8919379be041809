"""What every test gets: its own copy of a migrated database, no network, and a browser where there is one."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.core.management import call_command
from django.db import connections
from django.test import Client, TransactionTestCase, override_settings
from hypothesis import settings as hypothesis_settings

from frontend_api.dependencies.memo import facts
from tests import browsers, databases, network, openapi, transactions

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django import DjangoDbBlocker

RUN_FOLDER = pytest.StashKey[Path]()
# Milliseconds.
PATIENCE = 30_000

# How long an example takes says more of the machine than of the code: on a busy one it is no failure.
hypothesis_settings.register_profile("usual", deadline=None)
hypothesis_settings.load_profile("usual")
# `--hypothesis-profile=deep` looks further than there is time for in every run.
hypothesis_settings.register_profile("deep", max_examples=2_000, deadline=None, print_blob=True)


def pytest_configure(config: pytest.Config) -> None:
    """Block the network, and make the folder that all processes of the run share, or take the one given."""
    # A database server that `DATABASE_URL` names may be anywhere.
    network.block(settings.DATABASES["default"]["HOST"])
    if hasattr(config, "workerinput"):
        config.stash[RUN_FOLDER] = Path(config.workerinput["run_folder"])
        return
    folder = Path(tempfile.mkdtemp(prefix="cms-"))
    config.stash[RUN_FOLDER] = folder
    databases.keep_in_memory(folder)
    # Being told to stop is, like Ctrl-C, no reason to leave a server running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    def clean_up() -> None:
        databases.for_run(folder).stop()
        shutil.rmtree(databases.place(folder), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)

    config.add_cleanup(clean_up)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each parallel process which folder it shares with the others."""
    node.workerinput["run_folder"] = str(node.config.stash[RUN_FOLDER])


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """Mark whatever asks for the browser, so that `-m browser` finds it, and run once what needs no second database.

    A test that is marked `once` asks nothing that databases answer differently, such as what a page of the admin has in
    it, and has run beside SQLite. So has one of the browser: it tries HTML and JavaScript, in front of what all others
    try on both databases.
    """
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    again = [item for item in items if not {"once", "browser"} & set(item.keywords)]
    if settings.TEST_DATABASE != "sqlite" and again:
        config.hook.pytest_deselected(items=[item for item in items if item not in again])
        items[:] = again
    yield
    # Whatever the random order: what takes longest first, so that no process is left alone with it at the end.
    items.sort(key=_when)


def _when(item: pytest.Item) -> int:
    marks = set(item.keywords)
    return 0 if "long" in marks else 1 if {"browser", "hypothesis"} & marks else 2


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a browser test where there is no browser, or fail it where one is required."""
    if item.get_closest_marker("browser") and not browsers.find_chromium():
        if browsers.is_required():
            pytest.fail(browsers.NONE_FOUND, pytrace=False)
        pytest.skip(browsers.NONE_FOUND)


@pytest.fixture(scope="session")
def process_name() -> str:
    """The name of this process among those of the run: `gw0` and so on, or `main` when it is alone."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: "DjangoDbBlocker",
    process_name: str,
) -> Iterator[None]:
    """Give this process a copy of the migrated database, which each test finds as the migrations left it.

    A test in a transaction is rolled back, as ever. After one that commits (`transactional_db`, `live_server`,
    `TransactionTestCase`) Django would empty the tables, and the site tree and the groups with them; here the copy
    is put back instead.
    """
    folder = request.config.stash[RUN_FOLDER]
    run_databases = databases.for_run(folder)

    def put_back(test_case: TransactionTestCase) -> None:
        databases.put_back(run_databases, folder, process_name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", put_back)
        with django_db_blocker.unblock():
            databases.own_copy(run_databases, folder, process_name)
        yield
        with django_db_blocker.unblock():
            databases.close()


@pytest.fixture(scope="session", autouse=True)
def media_folder(request: pytest.FixtureRequest, process_name: str) -> Iterator[Path]:
    """Keep uploaded files out of the project: in a folder that goes when the run ends."""
    folder = request.config.stash[RUN_FOLDER] / f"media-{process_name}"
    with override_settings(MEDIA_ROOT=folder):
        yield folder


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None,
    django_db_blocker: "DjangoDbBlocker",
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The demo site, loaded once for all tests of a module that look at it, with a media folder of its own."""
    with (
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("demo")),
        django_db_blocker.unblock(),
        transactions.taken_back(),
    ):
        call_command("load_demo", stdout=StringIO())
        call_command("use_frontend_url", stdout=StringIO())
        yield


@pytest.fixture(scope="session", autouse=True)
def described_responses() -> Iterator[None]:
    """Hold every response that a test client gets from the API to the API's own description."""
    ask = Client.request

    def request(client: Client, **environ: Any) -> Any:
        response = ask(client, **environ)
        address = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        openapi.check_response(environ["REQUEST_METHOD"], address, response)
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", request)
        yield


@pytest.fixture(autouse=True)
def nothing_waited_for_in_a_transaction() -> Iterator[None]:
    """Fail whatever asks another server while a transaction waits, though the code takes that for an outage."""
    network.waited.clear()
    yield
    assert not network.waited


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Let no test see what another one left in the cache; Wagtail keeps the addresses of sites there."""
    cache.clear()
    caches["api"].clear()
    facts.clear()


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """A running Chromium (Playwright's synchronous API) for the tests of one module.

    It lives no longer, because Playwright keeps an event loop running in this thread for as long as it does, and
    in a thread with an event loop Django refuses to query, unless told that this is meant.
    """
    from playwright.sync_api import expect, sync_playwright

    # How long it takes until something shows says more of the machine than of the code; Playwright waits five seconds.
    expect.set_options(timeout=PATIENCE)
    # In a thread with an event loop Django keeps other connections. One from before would stay open, out of sight,
    # while a test puts its database back, and be a dead one to whoever comes after.
    connections.close_all()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with playwright.chromium.launch(
            executable_path=browsers.find_chromium(), args=list(browsers.ARGUMENTS)
        ) as browser:
            yield browser
        connections.close_all()
