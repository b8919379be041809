"""`python -m tests.benchmarks.feeding`: print what a part of the feed costs after 1,000 and after 100,000 changes."""

import os
import platform
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

SIZES = (1_000, 100_000)
ROUNDS = 40
ASKED = {
    "the newest": {},
    "100 items": {"limit": "100"},
    "a type that is rare": {"limit": "100", "type": "programmes.ProgrammePage"},
    "a type that is not there": {"limit": "100", "type": "cms.ContentPage"},
}


def main() -> None:
    """Make a database of our own, and measure while it grows."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    from django.conf import settings
    from django.db import connection
    from django.test import override_settings

    from tests import databases

    with tempfile.TemporaryDirectory(prefix="cms-bench-") as name:
        folder = Path(name)
        here = databases.for_run(folder)
        try:
            databases.own_copy(here, folder, "bench")
            with override_settings(ALLOWED_HOSTS=["*"], DEBUG=False):
                print(f"Python {platform.python_version()}, {settings.TEST_DATABASE}\n")
                taken = {size: measure(size) for size in SIZES}
                few, many = taken.values()
                print("| part | 1,000 changes | 100,000 changes | ratio |")
                print(f"|{' --- |' * 4}")
                for name in ASKED:
                    ratio = many[name] / few[name]
                    print(f"| {name} | {few[name]:.1f} ms | {many[name]:.1f} ms | {ratio:.2f} |")
        finally:
            connection.close()
            here.stop()


def measure(size: int) -> dict[str, float]:
    """Have so many changes, and return how many milliseconds a part takes with a thousand still to be heard."""
    from django.test import Client

    from frontend_api.feed.cursors import cursor_at
    from frontend_api.feed.models import PublicChange, PublicState

    now = datetime.now(tz=UTC)
    state = PublicState.objects.get()
    PublicChange.objects.bulk_create(
        (
            PublicChange(
                number=number,
                stamp=1,
                kind="updated",
                object_type="programmes.ProgrammePage"
                if number % 50 == 0
                else "insights.InsightPage",
                object_id=str(number % 500),
                path=f"/a/{number % 500}/",
                site_id=1,
                tags=[f"page:{number % 500}", *(f"a_table.a_column_{one}" for one in range(8))],
                changed_at=now,
            )
            for number in range(state.number + 1, size + 1)
        ),
        batch_size=2_000,
    )
    PublicState.objects.update(number=size, stamp=1)
    client = Client()
    before = cursor_at(max(size - 1_000, state.number + 1), 1)

    def read(parameters: dict[str, Any]) -> float:
        start = time.perf_counter()
        response = client.get("/api/v2/changes/", {"after": before, **parameters})
        if response.status_code != 200:
            raise RuntimeError(response.content)
        return (time.perf_counter() - start) * 1_000

    for parameters in ASKED.values():
        read(parameters)
    return {
        name: statistics.median(read(parameters) for _ in range(ROUNDS))
        for name, parameters in ASKED.items()
    }


if __name__ == "__main__":
    sys.exit(main())
