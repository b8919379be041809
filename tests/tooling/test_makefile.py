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


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """An environment that is there, with a Python that says what it is asked to do."""
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    program(python, 'echo "python $*"')
    return tmp_path / "venv"


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_uv_installs_where_it_is_there(tmp_path: Path, venv: Path) -> None:
    uv = program(tmp_path / "uv", 'echo "uv $*"')
    done = make(f"VENV={venv}", f"UV={uv}", f"{venv}/test")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Installing what tests and checks need (requirements-test.txt), the first time and after it has changed …",
        f"uv pip install --python {venv}/bin/python --require-hashes --requirement requirements-test.txt",
    ]
    assert (
        make(f"VENV={venv}", f"UV={uv}", f"{venv}/test").stdout
        == f"make: '{venv}/test' is up to date.\n"
    )


@pytest.mark.parametrize("uv", ["none", "failing"])
def test_pip_installs_the_same_without_it(tmp_path: Path, venv: Path, uv: str) -> None:
    failing = program(tmp_path / "uv", "exit 1") if uv == "failing" else "no-such-uv"
    done = make(f"VENV={venv}", f"UV={failing}", f"{venv}/local")
    assert done.returncode == 0, done.stderr
    *said, last = done.stdout.splitlines()
    assert (any("uv could not install it; trying pip" in line for line in said)) == (
        uv == "failing"
    )
    assert last == (
        "python -m pip --disable-pip-version-check install --require-hashes --requirement requirements-local.txt"
    )
    assert (venv / "local").exists()


def test_what_cannot_be_installed_is_not_taken_for_installed(venv: Path) -> None:
    program(venv / "bin" / "python", "exit 1")
    assert make(f"VENV={venv}", "UV=no-such-uv", f"{venv}/test").returncode
    assert not (venv / "test").exists()
