"""A few seconds of `make soak`: everybody at work while parts of the service die and come back."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tests import databases
from tests.conftest import RUN_FOLDER
from tests.soak.soaking import soak

from .servers import own_database

# `make soak` does it on PostgreSQL, which it can restart: nobody else needs that one.
pytestmark = [pytest.mark.once, pytest.mark.long]

SECONDS, PAGES = 4, 8


def test_under_mixed_work_and_faults_nothing_is_lost_or_stale_and_no_answer_is_an_error(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    process_name: str,
    tmp_path: Path,
) -> None:
    name = f"soak_{process_name}"
    own_database(request, django_db_blocker, process_name, name)
    here = databases.for_run(request.config.stash[RUN_FOLDER])
    with django_db_blocker.unblock():
        here.use(name)
        try:
            report = soak(
                tmp_path, here, SECONDS, cache_server=True, django_apart=True, pages=PAGES
            )
        finally:
            connections.close_all()
            here.use(process_name)
    assert report.problems() == []
    assert len(dict(report.faults)) == 4
    assert {one.what for one in report.growths} == {
        "memory",
        "descriptors",
        "threads",
        "connections",
    }
    kinds = report.journal.times()
    assert {"copied", "feed", "previewed", "published", "read", "uploaded", "waited"} <= {*kinds}
