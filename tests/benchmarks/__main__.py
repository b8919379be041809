"""`python -m tests.benchmarks`: print the table of `docs/performance.md`, measured now."""

import os
import platform
import sys
import tempfile
from pathlib import Path

import django

ROUNDS = 60


def main() -> None:
    """Make a database of our own, fill it, and measure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    from django.conf import settings
    from django.db import connection
    from django.test import override_settings

    from tests import databases
    from tests.benchmarks import compare, content

    with tempfile.TemporaryDirectory(prefix="cms-bench-") as name:
        folder = Path(name)
        here = databases.for_run(folder)
        try:
            databases.own_copy(here, folder, "bench")
            with override_settings(
                ROOT_URLCONF="tests.benchmarks.urls",
                MEDIA_ROOT=folder / "media",
                ALLOWED_HOSTS=["*"],
                DEBUG=False,
            ):
                content.make()
                print(
                    f"{os.cpu_count()} cores, Python {platform.python_version()}, "
                    f"{settings.TEST_DATABASE}; medians of {ROUNDS} reads\n"
                )
                print(
                    "| read | here | stock | times faster | stock, same data | times faster "
                    "| queries here | queries stock |"
                )
                print(f"|{' --- |' * 8}")
                for result in compare.compare(compare.wsgi(), ROUNDS):
                    print(
                        f"| {result.case.name} | {result.own:.1f} ms | {result.stock:.1f} ms "
                        f"| {result.ratio:.1f} | {result.stock_with_more:.1f} ms "
                        f"in {1 + len(result.case.more)} | {result.ratio_of_the_same:.1f} "
                        f"| {result.own_queries} | {result.stock_queries} |",
                        flush=True,
                    )
        finally:
            connection.close()
            here.stop()


if __name__ == "__main__":
    sys.exit(main())
