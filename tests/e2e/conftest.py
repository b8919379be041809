"""The whole installation as it really runs: a CMS and a frontend, each a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import pytest

from .servers import ROOT, end, free_port, own_database, start


class Installation(NamedTuple):
    """Where the two servers are."""

    cms: str
    frontend: str


@pytest.fixture(scope="module")
def installation(
    request: pytest.FixtureRequest,
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
    places = Installation(f"http://localhost:{cms_port}", f"http://localhost:{frontend_port}")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.local",
        "DATABASE_URL": address,
        "MEDIA_ROOT": str(tmp_path_factory.mktemp("media")),
        "CMS_PORT": str(cms_port),
        "FRONTEND_PORT": str(frontend_port),
        "CMS_URL": places.cms,
        "API_URL": f"{places.cms}/api/v2/",
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
