"""The tests of a project that was not written for the delivery API, run with its own settings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

# How many tests it had when this was written: a run that finds none of them is no success.
LEAST = 15


def run(database: Path, tests: str, least: int, **environment: str) -> None:
    """Run the tests in files of a name, on the database that the run before has left, if there was one."""
    command = [sys.executable, "-m", "django", "test", "tests.adoption.strange", "--noinput"]
    done = subprocess.run(
        [
            *command,
            *("--keepdb", "--pattern", tests, "--settings", "tests.adoption.strange.settings"),
        ],
        cwd=Path(__file__).resolve().parents[2],
        env={
            **{name: value for name, value in os.environ.items() if "DJANGO" not in name},
            "STRANGE_DATABASE": str(database),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-6000:]
    ran = re.search(r"^Ran (\d+) tests", done.stderr, re.MULTILINE)
    assert ran
    assert int(ran[1]) >= least


@pytest.mark.long
@pytest.mark.once
def test_a_project_of_strangers_is_served_as_it_is_and_with_redirects_added(tmp_path: Path) -> None:
    database = tmp_path / "strange.sqlite3"
    run(database, "tests*.py", LEAST)
    run(database, "with_redirects.py", 4, STRANGE_REDIRECTS="1")
