"""`docs/content-types.md` is followed to the letter: whoever does what it says has a content type."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.conftest import RUN_FOLDER

pytestmark = pytest.mark.once


ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "content-types.md"

# What the guide has somebody put into `cms/settings/base.py`; here it goes into settings that build on the real ones.
SETTINGS = """
from cms.settings.test import *
from cms.settings.test import INSTALLED_APPS

WHITENOISE_AUTOREFRESH = True
INSTALLED_APPS = ["talks", *(app for app in INSTALLED_APPS if app != "tests.events")]
"""

# An editor adds a talk and a reader looks for it.
USE = """
import datetime, json
import django; django.setup()
from django.test import Client
from wagtail.models import Site
from cms.models import HomePage, User
from talks.models import Speaker, TalkPage

home = Site.objects.get(is_default_site=True).root_page.specific
for city, day in (("Lyon", 2), ("Geneva", 1)):
    talk = TalkPage(title=f"A talk in {city}", held_on=datetime.date(2026, 3, day), city=city)
    talk.speakers = [Speaker(name="A. Name")]
    home.add_child(instance=talk)
    talk.save_revision().publish()

client = Client()
paths = {
    "listing": "talks/",
    "filtered": "talks/?city=Lyon",
    "refused": "talks/?town=Lyon",
    "found": "pages/find/?html_path=/a-talk-in-lyon/",
}
editor = Client()
editor.force_login(User.objects.create_superuser("editor"))
opened = editor.get(f"/admin/pages/{talk.pk}/view_draft/").headers["Location"]
paths["preview"] = f"preview/?{opened.partition('?')[2]}"
print(json.dumps({name: client.get(f"/api/v2/{path}").json() for name, path in paths.items()}))
"""


def code_of(file: str) -> str:
    """Return the block of code that the guide gives for a file."""
    (code,) = re.findall(
        rf"`{re.escape(file)}`[^\n]*(?:\n[^`\n]+)*\n\n```python\n(.*?)```",
        GUIDE.read_text(encoding="utf-8"),
        re.DOTALL,
    )
    return str(code)


def commands() -> list[str]:
    """Return the lines that the guide has somebody type."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.fixture
def answers(
    request: pytest.FixtureRequest, django_db_setup: None, tmp_path: Path, process_name: str
) -> dict[str, Any]:
    """What the API answers once the guide has been followed, on a copy of the migrated SQLite database."""
    folder = request.config.stash[RUN_FOLDER]
    database = tmp_path / "guide.sqlite3"
    with databases.one_process_at_a_time(folder):
        template = databases.place(folder) / "template.sqlite3"
        if template.exists():
            database.write_bytes(template.read_bytes())
    (tmp_path / "guide_settings.py").write_text(
        f"{SETTINGS}\nDATABASES['default']['NAME'] = {str(database)!r}\n", encoding="utf-8"
    )
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "guide_settings",
        "PYTHONWARNINGS": "error",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            arguments, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    (tmp_path / "manage.py").write_bytes((ROOT / "manage.py").read_bytes())
    for command in commands():
        run(*command.split())
        if command.startswith("touch"):
            for file in ("talks/models.py", "talks/api.py"):
                (tmp_path / file).write_text(code_of(file), encoding="utf-8")
    run("python", "manage.py", "makemigrations", "--check")
    found: dict[str, Any] = json.loads(run("python", "-c", USE))
    return found


def test_whoever_follows_the_guide_has_a_content_type(answers: dict[str, Any]) -> None:
    assert [item["title"] for item in answers["listing"]["items"]] == [
        "A talk in Geneva",
        "A talk in Lyon",
    ]
    assert set(answers["listing"]["items"][0]) == {
        "id",
        "title",
        "type",
        "summary",
        "image",
        "held_on",
        "city",
        "meta",
    }
    assert [item["city"] for item in answers["filtered"]["items"]] == ["Lyon"]
    assert answers["refused"]["status"] == 400
    found = answers["found"]
    assert found["type"] == "talks.TalkPage"
    assert (found["held_on"], found["speakers"], found["body"]) == (
        "2026-03-02",
        [{"id": 1, "name": "A. Name", "meta": {"type": "talks.Speaker"}}],
        [],
    )
    assert answers["preview"]["title"] == "A talk in Geneva"
    assert set(answers["preview"]) == set(found)
