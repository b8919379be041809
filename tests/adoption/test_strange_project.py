"""The tests of a project that was not written for the delivery API, run with its own settings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

# How many tests it had when this was written: a run that finds none of them is no success.
LEAST = 15


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize(
    ("tests", "least"), [("tests*.py", LEAST), ("with_redirects.py", 4)], ids=["bare", "redirects"]
)
def test_a_project_of_strangers_is_served_as_it_is(tests: str, least: int) -> None:
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "django",
                "test",
                "tests.adoption.strange",
                "--noinput",
                "--pattern",
                tests,
            ),
            *("--settings", "tests.adoption.strange.settings"),
        ],
        cwd=Path(__file__).resolve().parents[2],
        env={
            **{name: value for name, value in os.environ.items() if "DJANGO" not in name},
            "STRANGE_REDIRECTS": "" if tests == "tests*.py" else "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-6000:]
    ran = re.search(r"^Ran (\d+) tests", done.stderr, re.MULTILINE)
    assert ran
    assert int(ran[1]) >= least
