"""The static website lives on the feed of changes: a publish draws exactly the files that it must."""

import json
import os
import queue
import subprocess
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from . import node
from .asking import Place, get, post, publish
from .servers import ROOT, end, free_port, start

# It asks the API alone, and not the database.
pytestmark = pytest.mark.once

STATIC = ROOT / "examples" / "static"
PATIENCE = 60


@pytest.fixture(scope="module")
def website() -> None:
    """What the static website needs is installed."""
    installed = STATIC / "node_modules" / ".package-lock.json"
    lock = STATIC / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        node.npm(STATIC, "ci")
        installed.touch()


class Build:
    """Builds the website from the API at a port, into a folder of its own."""

    def __init__(self, port: int, folder: Path, *arguments: str) -> None:
        self.dist = folder / "dist"
        environment = {
            **os.environ,
            "API_URL": f"http://localhost:{port}/api/v2/",
            "DIST": str(self.dist),
            "KEPT": str(folder / "kept"),
        }
        command = [node.program(), "build.mjs", *arguments]
        self.process = subprocess.Popen(
            command,
            cwd=STATIC,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said.append(line.strip())
                if line.startswith("{"):
                    self._lines.put(line)

    def did(self) -> dict[str, Any]:
        """Return what was drawn, and what is gone, once it says so."""
        said: dict[str, Any] = json.loads(self._lines.get(timeout=PATIENCE))
        return {name: sorted(paths) for name, paths in said.items()}

    def files(self) -> dict[str, bytes]:
        """Return all files of the website."""
        return {
            str(file.relative_to(self.dist)): file.read_bytes()
            for file in self.dist.rglob("*")
            if file.is_file()
        }

    def ended(self) -> int:
        """Return how it has ended."""
        status = self.process.wait(PATIENCE)
        self._reader.join()
        return status

    def end(self) -> None:
        """Follow no longer."""
        self.process.terminate()
        self.ended()


def file_of(path: str) -> str:
    """Return the file of a page."""
    return f"{path.strip('/')}/index.html".lstrip("/")


def test_a_publish_draws_exactly_the_files_it_must(
    website: None, place: Place, tmp_path: Path
) -> None:
    port = free_port()
    server = start("asgi", port, "cms.asgi:application", "/api/v2/site/", place.environment)
    build = Build(port, tmp_path / "followed", "--follow")
    try:
        listed = json.loads(get(port, "pages/?fields=_,html_url")[1])["items"]
        paths = sorted(urlsplit(page["meta"]["html_url"]).path for page in listed)
        first, second = list(place.pages)[:2]
        of_first, of_second = (
            next(path for path in paths if place.pages[key] in path) for key in (first, second)
        )
        assert build.did() == {"drawn": paths, "gone": []}
        before = build.files()
        assert {file_of(path) for path in paths} <= before.keys()

        assert publish(port, place, first, 1)
        did = build.did()
        after = build.files()
        changed = {name for name in after if after[name] != before.get(name)}
        assert before.keys() == after.keys()
        # The page, and the lists that show it.
        assert of_first in did["drawn"]
        assert {file_of(path) for path in did["drawn"]} == changed
        assert changed == {name for name in after if b"Title 1" in after[name]}

        assert post(port, f"/admin/pages/{second}/unpublish/", place, {}) == 302
        did = build.did()
        assert did["gone"] == [of_second]
        assert file_of(of_second) not in build.files()

        anew = Build(port, tmp_path / "anew")
        assert anew.did()["gone"] == []
        assert anew.ended() == 0
        assert anew.files() == build.files()
    finally:
        build.end()
        end(server)


def test_an_api_that_is_away_is_a_sentence(website: None, tmp_path: Path) -> None:
    build = Build(free_port(), tmp_path)
    assert build.ended() == 1
    [sentence] = build.said
    assert sentence.startswith("Not built: fetch failed: connect ECONNREFUSED")
    assert not build.dist.exists()
