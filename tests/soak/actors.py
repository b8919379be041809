"""Those who use the service, each in a thread of its own, until it is over."""

import json
import random
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from PIL import Image
from wagtail.test.utils.form_data import streamfield

from insights.models import InsightPage
from tests import factories
from tests.cms.admin import PUBLISH, TEXT, edit_url, insight_form
from tests.frontend_api.caching.scene import Got
from tests.frontend_api.feed.copies import LISTINGS as COPIED
from tests.frontend_api.feed.copies import Copy

from .asking import Client
from .content import FEEDS, LISTINGS, Content
from .journal import Journal

READERS = 3
PICTURE = (900, 600)


class Actors:
    """Readers, editors, somebody who uploads, and two who follow the feed."""

    def __init__(self, port: int, content: Content, journal: Journal) -> None:
        """Know where the service is, and what it shows."""
        self.journal, self.content = journal, content
        self.reader = Client(port, journal)
        self.editor = Client(port, journal, content.session)
        self.answered = dict.fromkeys(content.edited, 0)
        """The last number that was published, and answered, of each page that is edited."""
        self.sent = dict.fromkeys(content.edited, 0)
        """The last number that was sent."""
        self.copy = self.crawl()
        self._over = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Have all of them act meanwhile."""
        acts: list[Callable[[], None]] = [self._reading(number) for number in range(READERS)]
        acts += [self._editing(key) for key in self.content.edited]
        acts += [self.upload, self.follow, self.wait_for_changes]
        threads = [threading.Thread(target=self._go_on, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def _go_on(self, act: Callable[[], None]) -> None:
        # Whatever an actor trips over is told, and the others go on.
        while not self._over.is_set():
            try:
                act()
            except Exception:
                self.journal.tell(traceback.format_exc())
                self._over.wait(1)

    def fetch(self, address: str) -> Got:
        """Read for the copy, again and again until there is an answer; what has none is noted."""
        while True:
            got = self.reader.api("copied", address)
            if 0 < got.status < 500 or self._over.wait(0.5):
                return got

    def crawl(self) -> Copy:
        """Return a copy of everything as it is now."""
        # The service has no content types of the tests' own.
        return Copy(
            self.fetch, [one for one in COPIED if not one.startswith(("events/", "meetings/"))]
        )

    def _reading(self, number: int) -> Callable[[], None]:
        chance = random.Random(number)
        tags: dict[str, str] = {}

        def read() -> None:
            kind, address = chance.choice(
                [
                    *[("read", chance.choice(self.content.read))] * 6,
                    *[("read", chance.choice(LISTINGS))] * 4,
                    ("feed", chance.choice(FEEDS)),
                ]
            )
            headers = (
                {"If-None-Match": tags[address]}
                if address in tags and chance.random() < 0.3
                else {}
            )
            got = self.reader.api(kind, address, **headers)
            if got.status == 200 and "Etag" in got.headers:
                tags[address] = got.headers["Etag"]
            # What nobody has asked for before is rendered.
            if chance.random() < 0.05:
                self.reader.api(
                    "rendered",
                    f"insights/?limit={chance.randint(1, 100)}&offset={chance.randint(0, 30)}",
                )
            self._over.wait(0.02)

        return read

    def _editing(self, key: int) -> Callable[[], None]:
        page = InsightPage(pk=key, slug=self.content.edited[key])
        previewed = reverse("wagtailadmin_pages:preview_on_edit", args=[key])

        def edit() -> None:
            self.sent[key] = number = self.sent[key] + 1
            form = insight_form(title=f"Title {number}", slug=page.slug, body=streamfield([TEXT]))
            self._preview(previewed, form, f"Title {number}")
            self.editor.get("form", edit_url(page))
            if self.editor.post("published", edit_url(page), {**form, **PUBLISH}).status == 302:
                self.answered[key] = number
                got = self.reader.api("read", f"pages/{key}/")
                if got.status == 200 and json.loads(got.body)["title"] != f"Title {number}":
                    self.journal.tell(
                        f"page {key} is stale: {got.body[:200]!r}, not Title {number}"
                    )
            self._over.wait(1)

        return edit

    def _preview(self, path: str, form: dict[str, str], title: str) -> None:
        if self.editor.post("previewed", path, form).status != 200:
            return
        leads = self.editor.get("previewed", path)
        if leads.status != 302:
            return
        query = urlsplit(leads.headers["Location"]).query
        got = self.reader.api("previewed", f"preview/?{query}")
        if got.status == 200 and json.loads(got.body)["title"] != title:
            self.journal.tell(f"a preview shows {got.body[:200]!r}, not {title}")

    def upload(self) -> None:
        """Upload a picture that nobody has uploaded before, and delete it again, so that the site stays as large."""
        noise = Image.effect_noise(PICTURE, 60).convert("RGB")
        content = factories.encoded(noise, "JPEG", quality=80)
        got = self.editor.send_file(
            "uploaded", reverse("wagtailimages:add_multiple"), "noise.jpg", content
        )
        if got.status == 200:
            told: dict[str, Any] = json.loads(got.body)
            if not told["success"]:
                self.journal.tell(f"a picture is refused: {told}")
                return
            self._over.wait(2)
            self.editor.post(
                "deleted", reverse("wagtailimages:delete", args=[told["image_id"]]), {}
            )
        self._over.wait(2)

    def follow(self) -> None:
        """Keep a copy of everything up to date by the feed."""
        self.copy.follow()
        self._over.wait(2)

    def wait_for_changes(self) -> None:
        """Wait for what changes next, as a frontend does that is told at once."""
        got = self.reader.api("cursor", "changes/")
        while got.status == 200 and not self._over.is_set():
            cursor = json.loads(got.body)["cursor"]
            got = self.reader.api("waited", f"changes/?after={cursor}&wait=10")
        self._over.wait(1)
