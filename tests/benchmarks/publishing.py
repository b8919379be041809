"""`python -m tests.benchmarks.publishing`: print the table of publishing of `docs/performance.md`, measured now.

An editor publishes programmes that show five new photographs of 24 megapixels, by turns in this service and in one with
the same models where nothing of ours hears of what is saved. A worker makes the renditions meanwhile; Wagtail alone
makes them for the first reader, so that one programme is published and rendered there as well, which comes to the same
for readers. Then a programme is previewed as after a keystroke.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import django

from .over_http import environment_of, row, table
from .servers import Server, serving

ROUNDS = 9
IMAGES = 5
SIZE = (6000, 4000)
CSRF = "c" * 32


@dataclass
class Editor:
    """Somebody at the forms of one service, and how long each request took the server."""

    server: Server
    session: str
    times: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def publish(self, path: str, form: dict[str, str]) -> None:
        """Send a form, and take the time until it is answered."""
        before, start = self.server.seconds(), time.perf_counter()
        status, _ = self.ask("POST", path, form)
        self.times.append(time.perf_counter() - start)
        self.costs.append(self.server.seconds() - before)
        if status != 302:
            raise RuntimeError(f"{path} answers {status}.")

    def read(self, path: str) -> None:
        """Read what was just published, and add that to the time that publishing took."""
        before, start = self.server.seconds(), time.perf_counter()
        status, body = self.ask("GET", path)
        self.times[-1] += time.perf_counter() - start
        self.costs[-1] += self.server.seconds() - before
        if status != 200:
            raise RuntimeError(body)

    def preview(self, path: str, form: dict[str, str]) -> None:
        """Do what follows a keystroke: the form, the way to the frontend, and what the frontend asks for."""
        before, start = self.server.seconds(), time.perf_counter()
        _, answer = self.ask("POST", path, form)
        if '"is_valid": true' not in answer:
            raise RuntimeError(answer)
        _, address = self.ask("GET", path)
        status, body = self.ask("GET", f"/api/v2/preview/?{urlsplit(address).query}")
        self.times.append(time.perf_counter() - start)
        self.costs.append(self.server.seconds() - before)
        if status != 200:
            raise RuntimeError(body)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Ask, and return the status, and where that leads or else the body."""
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=600)
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({**form, "csrfmiddlewaretoken": CSRF}) if form else None
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            return response.status, response.headers.get("Location") or text
        finally:
            connection.close()


def photographs(number: int) -> list[list[int]]:
    """Make `number` sets of new photographs, and return their keys; their files are shared, and have no renditions."""
    from django.core.files.base import ContentFile
    from PIL import Image

    from cms.models import CmsImage
    from frontend_api.images.models import ImageFile, key_of
    from tests.factories import ImageFactory, encoded

    noise = Image.effect_noise((SIZE[0] // 8, SIZE[1] // 8), 60).resize(SIZE)
    content = encoded(noise.convert("RGB"), "JPEG", quality=85)
    first = [ImageFactory(file=ContentFile(content, name=f"{name}.jpg")) for name in range(IMAGES)]
    sets = [[image.pk for image in first]]
    for _ in range(number - 1):
        keys = []
        for image in first:
            known = ImageFile.objects.get(pk=key_of(image))
            [copy] = CmsImage.objects.bulk_create(
                [CmsImage(**{one.attname: getattr(image, one.attname) for one in _columns(image)})]
            )
            known.pk = key_of(copy)
            known.save(force_insert=True)
            keys.append(copy.pk)
        sets.append(keys)
    return sets


def _columns(image: Any) -> list[Any]:
    return [one for one in image._meta.concrete_fields if not one.primary_key]


def form_of(name: str, images: list[int]) -> dict[str, str]:
    """Return the form of a programme that shows photographs, and has some of everything."""
    from wagtail.test.utils.form_data import inline_formset, rich_text, streamfield

    from cms.models import Theme
    from insights.models import InsightPage
    from programmes.models import Partner
    from tests.cms.admin import programme_form

    first, *others = images
    text = ("rich_text", rich_text("<p>What came of it, and for whom.</p>"))
    blocks = [
        ("image", {"image": {"image": key, "alt_text": "A harbour"}, "caption": "", "credit": ""})
        for key in others
    ]
    partners = Partner.objects.order_by("pk")[:3]
    insights = InsightPage.objects.order_by("pk")[:3]
    themes = [str(theme.pk) for theme in Theme.objects.order_by("pk")[:2]]
    return programme_form(
        title=name,
        slug=name.lower().replace(" ", "-"),
        summary="What it is about.",
        image=str(first),
        themes=themes[0],
        body=streamfield([part for block in blocks for part in (text, block)]),
        partners=inline_formset([{"partner": str(one.pk)} for one in partners]),
        related_insights=inline_formset([{"insight": str(one.pk)} for one in insights]),
        key_figures=inline_formset(
            [{"value": f"{number}", "label": "a number", "as_of": ""} for number in range(3)]
        ),
        phases=inline_formset(
            [
                {
                    "title": f"Phase {year}",
                    "start_year": str(year),
                    "end_year": str(year + 1),
                    "text": rich_text("<p>x</p>"),
                }
                for year in (2016, 2018)
            ]
        ),
    )


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[None]:
    """Run a worker beside, from when it is seen."""
    from cms.background.models import WorkerSighting

    command = [sys.executable, "manage.py", "db_worker"]
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        while not WorkerSighting.objects.exists():
            if process.poll() is not None:
                raise RuntimeError("The worker does not start.")
            time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


def milliseconds(times: list[float]) -> str:
    """Return the median of times, and the longest."""
    return f"{statistics.median(times) * 1000:.0f} ms (at most {max(times) * 1000:.0f})"


def measure(here: Any, media: Path) -> None:
    """Publish by turns in both services, then preview, and print what it took."""
    from django.urls import reverse

    from programmes.models import ProgrammePage
    from tests.cms.admin import PUBLISH, add_url
    from tests.e2e.asking import logged_in
    from tests.factories import programme_index

    session = logged_in()
    path = add_url(ProgrammePage, programme_index())
    preview = reverse(
        "wagtailadmin_pages:preview_on_add",
        args=("programmes", "programmepage", programme_index().pk),
    )
    forms = [
        form_of(f"Measured {number}", images)
        for number, images in enumerate(photographs(ROUNDS + 3))
    ]
    here.copy("ours", "stock")
    queue = environment_of(media, queue=True)
    here.use("stock")
    stock = {
        **environment_of(media),
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.stock_admin.settings",
    }
    here.use("ours")
    with (
        # First: a server stands in for a worker that is not there, and makes the renditions itself.
        worker(queue),
        serving("cms.wsgi:application", queue) as one,
        serving("tests.benchmarks.stock_admin.wsgi:application", stock) as other,
    ):
        editors = Editor(one, session), Editor(other, session)
        first, *rest, shown, last = forms
        for editor in editors:
            editor.ask("GET", path)
            editor.ask("POST", path, {**first, **PUBLISH})
        for form in rest:
            for editor in editors:
                editor.publish(path, {**form, **PUBLISH})
        ours, theirs = editors
        table("publishing five new photographs", "time", "server’s core")
        for name, editor in (("here", ours), ("Wagtail alone", theirs)):
            row(name, milliseconds(editor.times), milliseconds(editor.costs))
        times = statistics.median(ours.times) / statistics.median(theirs.times)
        costs = statistics.median(ours.costs) / statistics.median(theirs.costs)
        row("here to Wagtail alone", f"{times:.2f}", f"{costs:.2f}")
        rendering = Editor(other, session)
        rendering.publish(path, {**shown, **PUBLISH})
        rendering.read(f"/read/{shown['slug']}/")
        row(
            "Wagtail alone, and the page rendered",
            *map(milliseconds, (rendering.times, rendering.costs)),
        )
        typing = Editor(one, session)
        for number in range(ROUNDS):
            typing.preview(preview, {**last, "summary": f"What it is about{'.' * number}"})
        table("a keystroke", "time", "server’s core")
        row("form, redirect and preview", *map(milliseconds, (typing.times, typing.costs)))


def main() -> None:
    """Make a site, and measure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    from django.conf import settings
    from django.db import connection
    from django.test import override_settings

    from examples.demo.loading import load
    from tests import databases

    with tempfile.TemporaryDirectory(prefix="cms-bench-") as name:
        folder = Path(name)
        here = databases.for_run(folder)
        try:
            databases.own_copy(here, folder, "ours")
            with override_settings(MEDIA_ROOT=folder / "media", DEBUG=False):
                load()
                print(
                    f"{os.cpu_count()} cores, Python {platform.python_version()}, "
                    f"{settings.TEST_DATABASE}; medians of {ROUNDS}, a worker running beside"
                )
                measure(here, folder / "media")
        finally:
            connection.close()
            here.stop()


if __name__ == "__main__":
    sys.exit(main())
