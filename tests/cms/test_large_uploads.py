"""A large picture is read apart from the server, one at a time on a machine, and what is too much is a sentence."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.test.utils.form_data import streamfield

from cms.models import CmsImage
from frontend_api.images import apart, form, one_at_a_time
from insights.models import InsightPage
from tests import factories
from tests.cms.admin import TEXT, add_url, insight_form
from tests.configure import configure
from tests.threads import Elsewhere

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROOT = Path(__file__).resolve().parents[2]


def test_an_upload_that_takes_too_much_memory_is_refused_with_a_sentence(
    editor: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(apart, "LARGE", 100)
    configure(settings, IMAGE_MEMORY=8)
    assert "takes more memory or time to be read than there is" in refused(editor, (4_000, 2_500))


def test_an_upload_waits_for_others_in_whatever_process_and_not_without_end(
    editor: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(apart, "LARGE", 100)
    monkeypatch.setattr(form, "_WAITING", 0.3)
    # Other tests upload, too.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with held_by_another_process("examination", tmp_path):
        assert "Other large pictures are being uploaded" in refused(editor, (90, 60))
        # Whoever reads a picture that is uploaded does not wait for what is encoded.
        with one_at_a_time.one_at_a_time("encoding", 0):
            pass
    # Whoever is killed lets go.
    with one_at_a_time.one_at_a_time("examination", 5):
        assert one_at_a_time.lock_file("examination").stat().st_mode & 0o777 == 0o600
        with pytest.raises(TimeoutError), one_at_a_time.one_at_a_time("examination", 0.1):
            pass


@pytest.mark.django_db(transaction=True)
def test_nobody_else_waits_while_a_large_picture_is_read(
    administrator: Client, editor: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    index = factories.insight_index()
    monkeypatch.setattr(apart, "LARGE", 100)
    monkeypatch.setattr(form, "_WAITING", 300)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    take, waits = one_at_a_time._is_taken, Event()

    def is_taken(file: int) -> bool:
        waits.set()
        return take(file)

    monkeypatch.setattr(one_at_a_time, "_is_taken", is_taken)
    content = factories.encoded(Image.new("RGB", (90, 60), "navy"), "JPEG")
    sent = {"title": "x", "file": SimpleUploadedFile("x.jpg", content), "tags": ""}
    answers: list[Any] = []
    with held_by_another_process("examination", tmp_path):
        uploading = Elsewhere(
            lambda: answers.append(administrator.post(reverse("wagtailimages:add"), sent))
        )
        assert waits.wait(60)
        saved = insight_form(title="Meanwhile", slug="meanwhile", body=streamfield([TEXT]))
        assert editor.post(add_url(InsightPage, index), saved).status_code == 302
        assert InsightPage.objects.filter(slug="meanwhile").exists()
        assert uploading.is_going_on()
    uploading.join()
    assert len(answers) == 1


def refused(browser: Client, size: tuple[int, int]) -> str:
    """Upload a picture that is not taken, and return why."""
    content = factories.encoded(Image.new("RGB", size, "navy"), "JPEG")
    response = browser.post(
        reverse("wagtailimages:add"),
        {"title": "x", "file": SimpleUploadedFile("x.jpg", content), "tags": ""},
    )
    assert not CmsImage.objects.exists()
    [message] = response.context["form"].errors["file"]
    return str(message)


@contextmanager
def held_by_another_process(work: str, folder: Path) -> Iterator[None]:
    """Have another process hold the lock, until it is killed."""
    code = (
        "import sys; from frontend_api.images.one_at_a_time import one_at_a_time\n"
        f"with one_at_a_time({work!r}): print('held', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={"TMPDIR": str(folder), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    try:
        assert process.stdout.readline() == b"held\n"
        yield
    finally:
        process.kill()
        process.communicate()
