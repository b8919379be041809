"""A deploy finds nothing of what the code before it kept."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils.translation import gettext_lazy

from frontend_api.caching.responses.fingerprint import described, fingerprint
from tests.configure import configure

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[4]
SHOW = (
    "import django; django.setup(); from frontend_api.caching.responses.fingerprint import fingerprint; "
    "print(fingerprint().hex())"
)


def shown(**variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "cms.settings.local",
            **variables,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_it_is_the_same_in_every_process() -> None:
    assert shown(PYTHONHASHSEED="1") == shown(PYTHONHASHSEED="2")


def test_it_is_the_same_on_every_server() -> None:
    """A server has a parent of its own, and runs in a folder of its own."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"{shlex.quote(sys.executable)} -c {shlex.quote(SHOW)}; true"],
        cwd="/",
        env={"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "cms.settings.local"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == shown(PATH=os.environ["PATH"])


def test_it_is_another_one_with_other_settings(settings: Any) -> None:
    before = fingerprint.__wrapped__()
    configure(settings, S_MAXAGE=60)
    assert fingerprint.__wrapped__() != before


@pytest.mark.parametrize("name", ["models.py", "templates/page.html"])
def test_it_is_another_one_with_other_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    config = apps.get_app_config("programmes")
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("one")
    (tmp_path / ".#lock").symlink_to("nowhere")
    (tmp_path / "lock").symlink_to("nowhere")
    monkeypatch.setattr(config, "path", str(tmp_path))
    before = fingerprint.__wrapped__()
    assert fingerprint.__wrapped__() == before
    file.write_text("two")
    assert fingerprint.__wrapped__() != before


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [None, (True,)]}, "{'a': [None, [True]], 'b': 1}"),
        ({"b", "a"}, "{'a', 'b'}"),
        (gettext_lazy("Language"), "Language"),
        (described, "frontend_api.caching.responses.fingerprint.described"),
        (re.compile("a"), "re.compile('a')"),
        (object(), "<object object>"),
    ],
)
def test_a_setting_has_a_text_that_is_the_same_in_every_process(value: Any, text: str) -> None:
    assert described(value) == text
