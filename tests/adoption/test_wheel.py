"""What `pip install .` gives a project: the delivery API alone, whole, with what it needs."""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def contents(wheel: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(wheel) as opened:
        yield opened


@pytest.mark.once
def test_the_wheel_has_the_delivery_api_alone_and_all_of_it(contents: zipfile.ZipFile) -> None:
    names = {name for name in contents.namelist() if ".dist-info/" not in name}
    package = ROOT / "frontend_api"
    there = {
        str(path.relative_to(ROOT))
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert names == there
    kinds = ("py.typed", "migrations/0001_change_log.py", "static/", "templates/")
    assert all(any(f"frontend_api/{kind}" in name for name in names) for kind in kinds)


@pytest.mark.once
def test_the_wheel_asks_for_what_it_imports(contents: zipfile.ZipFile) -> None:
    [metadata] = [name for name in contents.namelist() if name.endswith(".dist-info/METADATA")]
    said = Parser().parsestr(contents.read(metadata).decode())
    asked = said.get_all("Requires-Dist") or []
    needed = {re.split(r"[^A-Za-z0-9-]", one)[0] for one in asked if "extra ==" not in one}
    assert {"django", "wagtail", "djangorestframework", "wagtail-headless-preview"} <= needed
    assert not {"granian", "psycopg", "whitenoise", "drf-spectacular", "redis"} & needed
    assert sorted(said.get_all("Provides-Extra") or []) == ["docs", "redis"]
    assert said["License-Expression"] == "BSD-3-Clause"


@pytest.mark.once
def test_no_migration_of_a_project_is_written_into_it() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "frontend_api", "--check", "--dry-run"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.adoption.another_key"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.once
def test_without_the_extra_there_is_no_description_and_all_else() -> None:
    asked = (
        "import django, sys; django.setup()\n"
        "from django.core.management import call_command\n"
        "from django.urls import resolve\n"
        "call_command('check')\n"
        "print(*[resolve(f'/api/v2/{name}/').func.__name__ for name in ('pages', 'schema', 'docs')])\n"
        "print(*[name for name in sys.modules if name.startswith('drf_spectacular')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.adoption.without_description"},
        capture_output=True,
        text=True,
        check=True,
    )
    *_, found, loaded = done.stdout.split("\n")[:-1]
    assert found == "PagesViewSet no_such_endpoint no_such_endpoint"
    assert loaded == ""
