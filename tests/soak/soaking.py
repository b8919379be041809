"""A soak from its beginning to its end."""

import time
from pathlib import Path

from django.test import override_settings

from tests.databases import Databases
from tests.e2e.servers import wait_until_it_answers

from . import content
from .actors import Actors
from .ending import check
from .faults import Faults
from .journal import Journal
from .report import Report
from .samples import Watch
from .service import FRONTEND, SECRET_KEY, Service

PAGES = 40


def soak(
    folder: Path,
    here: Databases,
    seconds: float,
    *,
    cache_server: bool,
    django_apart: bool,
    pages: int = PAGES,
) -> Report:
    """Use the service on the database that Django is pointed at for so many seconds, and return what came of it.

    That is until each fault has happened once, at least. Media, the log and the like are in `folder`.
    """
    with override_settings(MEDIA_ROOT=folder / "media"):
        site = content.make(SECRET_KEY, FRONTEND, pages)
    service = Service(folder, here, cache_server=cache_server, django_apart=django_apart)
    with service.running():
        wait_until_it_answers(f"http://127.0.0.1:{service.port}/livez", service.server)
        began = time.monotonic()
        journal = Journal()
        actors = Actors(service.port, site, journal)
        watch = Watch(service.take, seconds)
        faults = Faults(service, journal, seconds)
        with watch.watching(), actors.at_work(), faults.happening():
            time.sleep(seconds)
            faults.all_happened.wait()
        check(actors)
        return Report(time.monotonic() - began, journal, watch.growths(), faults.happened)
