"""The lines at the top of `docs/operators.md` are followed to the letter, as far as they go on one machine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cms.test_settings import read

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
MOST = 12


def blocks() -> list[list[str]]:
    """Return the lines of each of the three ways."""
    text = (ROOT / "docs" / "operators.md").read_text("utf-8")
    section = text.split("## From nothing to a running service")[1].split("\n## ")[0]
    return [
        block.strip().splitlines() for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    ]


def variables(path: Path) -> dict[str, str]:
    """Return what a file of variables sets."""
    pairs = re.findall(r"^([A-Z0-9_]+)=(.*)$", path.read_text("utf-8"), re.MULTILINE)
    return dict(pairs)


def test_there_are_three_ways_of_a_few_lines() -> None:
    assert len(blocks()) == 3
    assert all(len(block) <= MOST for block in blocks())


def test_what_is_copied_is_there() -> None:
    named = {
        word
        for block in blocks()
        for line in block
        for word in re.findall(r"(?<![\w/.])(deploy/[\w./@-]+)", line.partition(" #")[0])
    }
    made = {"deploy/.env", "deploy/certificate"}
    assert named > made
    for name in named - made:
        assert (ROOT / name).exists(), name
    copied = next(line for line in blocks()[1] if "cp -r" in line)
    folders = copied.partition("cp -r ")[2].split()[:-1]
    assert all((ROOT / name).exists() for name in folders)
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "examples"}
    assert packages <= set(folders)


def test_the_environment_of_the_containers_is_one_that_the_service_starts_with(
    tmp_path: Path,
) -> None:
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    lines = [line for line in blocks()[0] if not line.startswith("podman")]
    assert len(lines) == len(blocks()[0]) - 2
    subprocess.run(["sh", "-eu", "-c", "\n".join(lines)], cwd=tmp_path, check=True)
    environment = tmp_path / "deploy" / ".env"
    assert environment.stat().st_mode & 0o777 == 0o600
    found = variables(environment)
    assert found["DATABASE_URL"] == f"postgres://cms:{found['POSTGRES_PASSWORD']}@database:5432/cms"
    assert len(found["PURGE_TOKEN"]) == 48
    shown = "settings.DATABASES['default']['HOST'], settings.ALLAUTH_TRUSTED_PROXY_COUNT, settings.CMS_URL"
    given = {name: value for name, value in found.items() if name != "POSTGRES_PASSWORD"}
    assert read(shown, "production", **given) == "database 1 https://cms.example.org"
