"""The lock files say what is installed, and nothing about where it was locked or comes from."""

import json
import os
import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest

pytestmark = pytest.mark.once


ROOT = Path(__file__).resolve().parents[2]
LOCK_FILES = ["requirements.txt", "requirements-local.txt", "requirements-test.txt"]
REQUIREMENT = re.compile(r"^(?P<name>[a-z0-9-]+)(\[[a-z,]+\])?==(?P<version>[^ ;]+)")


def requirements(lock_file: str) -> dict[str, set[str]]:
    """Return each locked package and its versions; one that depends on the Python has several."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / lock_file).read_text().splitlines():
        if match := REQUIREMENT.match(line):
            found.setdefault(match["name"], set()).add(match["version"])
    return found


@pytest.mark.parametrize("lock_file", LOCK_FILES)
@pytest.mark.parametrize(
    "trace",
    [
        pytest.param(r"://", id="an address"),
        pytest.param(r"--(extra-)?index-url|--find-links|--trusted-host|^-[if]\b", id="an index"),
        pytest.param(r"(^|[\s'\"=])(/|~/|[A-Z]:\\)", id="a path of a machine"),
        pytest.param(r"\bfile:| @ ", id="a direct reference"),
    ],
)
def test_names_no_place(lock_file: str, trace: str) -> None:
    lines = (ROOT / lock_file).read_text().splitlines()
    assert [line for line in lines if re.search(trace, line)] == []


@pytest.mark.parametrize("lock_file", LOCK_FILES)
def test_every_requirement_has_a_hash(lock_file: str) -> None:
    text = (ROOT / lock_file).read_text()
    blocks = re.findall(r"^[a-z0-9][^\\\n]*(?:\\\n[^\\\n]*)*", text, flags=re.MULTILINE)
    assert len(blocks) == sum(map(len, requirements(lock_file).values()))
    assert [block for block in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}", block)] == []


@pytest.mark.parametrize("lock_file", LOCK_FILES[:2])
def test_what_is_tested_is_what_runs(lock_file: str) -> None:
    tested = requirements("requirements-test.txt")
    assert {name: tested.get(name) for name in requirements(lock_file)} == requirements(lock_file)


def test_everything_that_the_project_names_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    named = {
        "requirements.txt": [
            *project["project"]["dependencies"],
            *chain(*project["project"]["optional-dependencies"].values()),
            *groups["service"],
        ],
        "requirements-local.txt": [entry for entry in groups["local"] if isinstance(entry, str)],
        "requirements-test.txt": [entry for entry in groups["test"] if isinstance(entry, str)],
    }
    for lock_file, entries in named.items():
        names = {re.split(r"[^A-Za-z0-9-]", entry)[0] for entry in entries}
        assert names <= requirements(lock_file).keys()


def committed() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_lock_files_of_node_name_no_place() -> None:
    """What stands beside it in this repository is named by its path from there."""
    found = [path for path in committed() if path.endswith("package-lock.json")]
    assert len(found) >= 2
    for path in found:
        folder = (ROOT / path).parent
        packages = json.loads((ROOT / path).read_text())["packages"].values()
        named = {package["resolved"] for package in packages if "resolved" in package}
        beside = {
            f"file:{os.path.relpath(ROOT / other, folder)}"
            for other in ("clients/next", "clients/typescript")
        }
        assert named <= beside, path


def test_nothing_that_was_installed_is_committed() -> None:
    places = {part for path in committed() for part in Path(path).parts}
    assert not places & {"node_modules", "site-packages", ".venv", "__pycache__"}
