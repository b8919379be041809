"""`python -m tests.soak`: use the service for an hour, or `--minutes`, and print what came of it; see `make soak`."""

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

import django


def main() -> int:
    """Soak, print the tables of `docs/performance.md`, and return whether anything is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument(
        "--cache-server", action="store_true", help="with a Valkey, which goes and comes back"
    )
    parser.add_argument(
        "--django-apart", action="store_true", help="with Django in processes of its own"
    )
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    # What is below reads the settings.
    from django.conf import settings
    from django.db import connections

    from tests import databases

    from .soaking import soak

    with tempfile.TemporaryDirectory(prefix="cms-soak-") as name:
        folder = Path(name)
        here = databases.for_run(folder)
        try:
            databases.own_copy(here, folder, "soak")
            report = soak(
                folder,
                here,
                given.minutes * 60,
                cache_server=given.cache_server,
                django_apart=given.django_apart,
            )
            print(
                f"{os.cpu_count()} cores, Python {platform.python_version()}, {settings.TEST_DATABASE}, "
                f"{'a cache server' if given.cache_server else 'no cache server'}, "
                f"{'Django apart' if given.django_apart else 'one kind of server process'}"
            )
            print("\n".join(report.lines()), flush=True)
        finally:
            connections.close_all()
            here.stop()
    return 1 if report.problems() else 0


if __name__ == "__main__":
    sys.exit(main())
