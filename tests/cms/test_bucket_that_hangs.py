"""A bucket that hangs: who uploads is told, nothing is changed, and everybody else goes on."""

import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from threading import Event, Thread
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import streamfield

from cms import storages
from cms.models import CmsImage
from cms.settings import media
from insights.models import InsightPage
from tests import factories
from tests.cms.admin import TEXT, add_url, insight_form, soup
from tests.threads import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 1


class Silent:
    """Takes every connection, and never says anything."""

    def __init__(self) -> None:
        self.is_asked = Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._taken: list[socket.socket] = []
        Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        # It ends when the socket is closed.
        with suppress(OSError):
            while True:
                self._taken.append(self._socket.accept()[0])
                self.is_asked.set()

    def close(self) -> None:
        """Hang up."""
        # It may be done already.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for one in self._taken:
            one.close()


@pytest.fixture
def silent(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Silent]:
    """Media in a bucket of a service that is silent."""
    limits = {"connect_timeout": 1, "read_timeout": SECONDS, "retries": {"total_max_attempts": 1}}
    monkeypatch.setattr(storages, "LIMITS", limits)
    with closing(Silent()) as one:
        for name, value in {
            "MEDIA_BUCKET": "media-of-hdf",
            "MEDIA_BUCKET_ENDPOINT": f"http://127.0.0.1:{one.port}",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }.items():
            monkeypatch.setenv(name, value)
        settings.STORAGES = {**settings.STORAGES, "default": media.storage()}
        yield one


def upload(browser: Client) -> Any:
    """Upload a picture as an editor does."""
    file = ContentFile(factories.png(100, 50), name="A boat.png")
    sent = {"title": "Boat", "collection": 1, "tags": "", "file": file}
    return browser.post(reverse("wagtailimages:add"), sent)


def test_whoever_uploads_is_told_and_everybody_else_goes_on(
    silent: Silent, administrator: Client, editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It hangs for as long as it takes until all others are done.
    monkeypatch.setitem(storages.LIMITS, "read_timeout", 300)
    index = factories.insight_index()
    # Errors are those that a browser gets.
    administrator.raise_request_exception = False
    answers: list[Any] = []
    # What the first answer of a process takes to load is not waited for below.
    assert Client().get("/api/v2/programmes/").status_code == 200
    uploading = Elsewhere(lambda: answers.append(upload(administrator)))
    assert silent.is_asked.wait(30)
    # Readers get what they ask for, while it hangs.
    assert Client().get("/api/v2/site/").status_code == 200
    # Other editors save.
    form = insight_form(title="Meanwhile", slug="meanwhile", body=streamfield([TEXT]))
    assert editor.post(add_url(InsightPage, index), form).status_code == 302
    assert InsightPage.objects.filter(slug="meanwhile").exists()
    assert uploading.is_going_on()
    silent.close()
    uploading.join()
    [answer] = answers
    assert answer.status_code == 302
    shown = soup(administrator.get(answer["Location"])).select_one(".messages")
    assert shown is not None
    assert "the place of files does not answer" in shown.get_text()
    assert not CmsImage.objects.exists()


def test_whoever_uploads_several_at_once_is_told_of_each(
    silent: Silent, administrator: Client
) -> None:
    sent = {
        "title": "Boat",
        "collection": 1,
        "files[]": ContentFile(factories.png(100, 50), name="A boat.png"),
    }
    address = reverse("wagtailimages:add_multiple")
    answer = administrator.post(address, sent, headers={"accept": "application/json"})
    assert answer.status_code == 400
    told = answer.json()
    assert told["success"] is False
    assert "the place of files does not answer" in told["error_message"]
    assert not CmsImage.objects.exists()
