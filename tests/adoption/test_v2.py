"""Wagtail's own tests of its v2 API, on its own test models, against our endpoints."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .v2.differences import DIFFERENCES

pytestmark = [pytest.mark.once, pytest.mark.long]

ROOT = Path(__file__).resolve().parents[2]
TESTS = [
    *(f"wagtail.api.v2.tests.test_{name}" for name in ("pages", "images", "documents")),
    "wagtail.contrib.redirects.tests.test_redirects_api",
]
AT_LEAST = 245


@pytest.mark.parametrize(
    "swapped", ["", "1"], ids=["wagtail's models", "a page and a user of its own"]
)
def test_wagtails_tests_of_v2_pass_but_for_a_list(swapped: str) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "django", "test", *TESTS, "--noinput"),
            *("--settings", "tests.adoption.v2.settings"),
            *("--testrunner", "tests.adoption.v2.runner.Runner"),
        ],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if "DJANGO" not in name},
            "USE_CUSTOM_PAGE_MODEL": swapped,
            # Of a user that has an e-mail address in the place of a name.
            "USE_EMAIL_USER_MODEL": swapped,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    reports = [line for line in done.stdout.splitlines() if line.startswith('{"ran"')]
    assert reports, done.stderr[-3000:]
    report = json.loads(reports[-1])
    # One that begins to pass has to leave the list.
    assert set(report["failed"]) == set().union(*DIFFERENCES.values())
    assert report["ran"] - len(report["failed"]) >= AT_LEAST


def test_the_guide_lists_every_difference() -> None:
    guide = " ".join((ROOT / "docs" / "api.md").read_text(encoding="utf-8").split())
    missing = [reason for reason in DIFFERENCES if reason not in guide]
    assert not missing
