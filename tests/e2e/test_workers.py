"""Workers that are real processes: several do each task once, and one that is killed loses nothing."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connections
from django.db.models.functions import Now
from PIL import Image as PillowImage
from wagtail.models import Site

from cms.background.models import LEASE, READY, RUNNING, QueuedTask, WorkerSighting
from cms.models import CmsImage
from frontend_api.changes.enqueueing import enqueue
from frontend_api.changes.models import Change, ChangeLog
from frontend_api.images.pictures import PICTURES
from frontend_api.images.renditions import missing
from frontend_api.visibility.perspective import Perspective
from tests import factories
from tests.cms.background.conftest import QUEUE
from tests.e2e import work

from .asking import Place, get, post
from .servers import ROOT, end, free_port, start
from .test_mail import MailServer, mail_server  # noqa: F401

pytestmark = pytest.mark.long

KILLS = 2
SECONDS = 120


@pytest.fixture
def queue(place: Place, request: pytest.FixtureRequest) -> Place:
    """The database of the workers, and tasks of this process that wait in it."""
    settings = request.getfixturevalue("settings")
    settings.TASKS = QUEUE
    settings.MEDIA_ROOT = place.environment["MEDIA_ROOT"]
    return place


def worker(place: Place) -> "subprocess.Popen[bytes]":
    """Start a worker."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "db_worker", "--interval", "0.1"],
        cwd=ROOT,
        env=place.environment,
        start_new_session=True,
    )


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for workers, which may be busy."""
    before = time.monotonic()
    while not is_so():
        assert time.monotonic() - before < SECONDS
        time.sleep(0.05)


def is_done() -> bool:
    return not QueuedTask.objects.filter(status__in=(READY, RUNNING)).exists()


def is_running() -> bool:
    return QueuedTask.objects.filter(status=RUNNING).exists()


def a_minute_passes() -> None:
    """Let workers that were killed be taken for dead."""
    WorkerSighting.objects.update(seen_at=Now() - LEASE - timedelta(seconds=1))


@pytest.fixture
def workers(queue: Place) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Start workers that end with the test."""
    with ExitStack() as running:

        def begin() -> "subprocess.Popen[bytes]":
            process = worker(queue)
            running.callback(end, process, signal.SIGKILL)
            return process

        yield begin
    connections.close_all()


def test_several_workers_do_each_task_once(workers: Any, tmp_path: Path) -> None:
    path = tmp_path / "lines"
    names = [str(number) for number in range(40)]
    for name in names:
        enqueue(work.leave_line, str(path), name, 0.05)
    for _ in range(3):
        workers()
    wait_until(is_done)
    assert sorted(path.read_text().split()) == sorted(names)
    # Each had its share.
    assert len({one for ids in QueuedTask.objects.values_list("worker_ids") for one in ids[0]}) > 1


def test_a_worker_that_is_told_to_end_ends_its_task_first(workers: Any, tmp_path: Path) -> None:
    path = tmp_path / "lines"
    for name in "ab":
        enqueue(work.leave_line, str(path), name, 1)
    process = workers()
    wait_until(is_running)
    end(process)
    assert path.read_text() == "a\n"
    assert process.returncode == 0
    assert not WorkerSighting.objects.exists()
    workers()
    wait_until(is_done)
    assert path.read_text() == "a\nb\n"


def check(port: int) -> None:
    """Hold what a server gives from its cache to what it renders anew, which a session makes it do."""
    for address in ("programmes/", "programmes/?fields=*", "pages/", "site/"):
        before = after = None
        while before is None or before != after:
            # Whoever works meanwhile may change it between two reads.
            before = get(port, address, Cookie=f"{settings.SESSION_COOKIE_NAME}=x")
            cached = get(port, address)
            after = get(port, address, Cookie=f"{settings.SESSION_COOKIE_NAME}=x")
        assert cached == after, address
        assert after[0] == 200


@pytest.fixture
def server(queue: Place) -> Iterator[int]:
    """A server beside the workers, which keeps what it answers."""
    port = free_port()
    process = start("wsgi", port, "cms.wsgi:application", "/api/v2/site/", queue.environment)
    yield port
    end(process)


def test_a_worker_that_is_killed_loses_no_rendition_and_leaves_nothing_stale(
    workers: Any, server: int
) -> None:
    site = Site.objects.get(is_default_site=True)
    content = factories.encoded(PillowImage.effect_noise((2400, 1600), 60), "JPEG")
    images = [
        factories.ImageFactory(file=ContentFile(content, name=f"{number}.jpg"))
        for number in range(2)
    ]
    page = factories.ProgrammePageFactory(image=images[0])
    other = factories.ProgrammePageFactory(image=images[1])
    chance = random.Random(time.time_ns())
    for one in (page, other, page):
        one.save_revision().publish()
    for _ in range(KILLS):
        process = workers()
        # The server may have stood in, and have left nothing to do.
        wait_until(lambda: is_running() or is_done())
        time.sleep(chance.uniform(0, 1))
        end(process, signal.SIGKILL)
        check(server)
        # What it had begun is left behind, and nobody else touches it for a while.
        a_minute_passes()
    workers()
    wait_until(is_done)
    check(server)
    assert {*QueuedTask.objects.values_list("status", flat=True)} == {"SUCCESSFUL"}
    keys = {(image.pk, use) for image in images for use in ("hero", "teaser")}
    shown = PICTURES(Perspective(site), keys)
    assert {*shown} == keys
    assert not any(missing(picture) for picture in shown.values())
    for image in CmsImage.objects.all():
        specs = [*image.renditions.values_list("filter_spec", flat=True)]
        assert sorted(specs) == sorted({*specs})
        assert all(Path(one.file.path).stat().st_size for one in image.renditions.all())
    versions = list(Change.objects.order_by("version").values_list("version", flat=True))
    assert versions == list(range(versions[0], versions[-1] + 1))
    assert ChangeLog.objects.get().version == versions[-1]


def test_without_a_worker_the_server_does_what_waits(queue: Place, tmp_path: Path) -> None:
    path = tmp_path / "lines"
    enqueue(work.leave_line, str(path), "before", 0)
    port = free_port()
    server = start("wsgi", port, "cms.wsgi:application", "/api/v2/site/", queue.environment)
    try:
        wait_until(is_done)
        assert path.read_text() == "before\n"
        # Between two tasks it is taken for no worker that others may rely on.
        wait_until(lambda: not WorkerSighting.objects.exists())
        assert get(port, "site/")[0] == 200
    finally:
        end(server)
        connections.close_all()


def test_a_server_that_is_killed_loses_no_mail(
    workers: Any,
    queue: Place,
    mail_server: MailServer,  # noqa: F811
) -> None:
    addresses = [f"somebody{number}@example.org" for number in range(3)]
    for address in addresses:
        factories.UserFactory(email=address)
    port = free_port()
    queue.environment.update(
        DJANGO_SETTINGS_MODULE="tests.e2e.settings_with_mail", MAIL_PORT=str(mail_server.port)
    )
    server = start("wsgi", port, "cms.wsgi:application", "/api/v2/site/", queue.environment)
    try:
        for address in addresses:
            assert post(port, "/admin/password_reset/", queue, {"email": address}) == 302
        assert mail_server.is_asked.wait(30)
    finally:
        end(server, signal.SIGKILL)
    assert mail_server.mails == []
    mail_server.answers.set()
    a_minute_passes()
    workers()
    wait_until(is_done)
    assert len(mail_server.mails) == 3


@pytest.mark.once
@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux can.")
def test_under_make_run_a_worker_ends_with_its_parent(queue: Place) -> None:
    start_it = (
        "import subprocess, sys; "
        "print(subprocess.Popen([sys.executable, '-m', 'cms.local_worker']).pid, flush=True); "
        "sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", start_it],
        cwd=ROOT,
        env=queue.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdin
    assert parent.stdout
    child = int(parent.stdout.readline())
    try:
        wait_until(WorkerSighting.objects.exists)
        parent.kill()
        parent.wait()
        wait_until(lambda: not is_alive(child))
    finally:
        parent.stdin.close()
        parent.stdout.close()
        connections.close_all()


def is_alive(pid: int) -> bool:
    """Tell whether there is such a process that has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
