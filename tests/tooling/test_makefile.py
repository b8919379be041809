"""The Makefile explains itself, and says what is missing."""

import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.once


ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = ROOT / "Makefile"


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make as a user would, whatever make this test itself was started by."""
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE.read_text(), flags=re.MULTILINE)
    assert phony
    listed = re.findall(r"^  make (\S+) +\S", make("help").stdout, flags=re.MULTILINE)
    assert sorted(listed) == sorted(phony[1].split())


def test_help_is_what_make_alone_shows() -> None:
    assert make().stdout == make("help").stdout


def test_a_missing_python_is_a_sentence(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    done = make(f"VENV={venv}", "PYTHON=python2.0", f"{venv}/bin/python")
    assert done.returncode
    assert "None of these is Python 3.11, 3.12 or 3.13: python2.0." in done.stderr
    assert not venv.exists()


def test_a_missing_uv_is_a_sentence() -> None:
    done = make("UV=no-such-uv", "lock")
    assert done.returncode
    assert "The lock files are written by uv: install it" in done.stderr
