"""Tests that need packages of npm are skipped where there is no network, and fail where they have to run."""

import json
from pathlib import Path

import pytest

from . import node
from .servers import free_port

pytestmark = pytest.mark.once

LOCK = {
    "name": "website",
    "lockfileVersion": 3,
    "packages": {
        "": {"name": "website", "dependencies": {"left-out": "1.0.0"}},
        "node_modules/left-out": {"version": "1.0.0", "integrity": "sha512-aaaa"},
    },
}


@pytest.fixture
def website(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a package to install, on a machine that reaches no registry."""
    node.program("npm")
    (tmp_path / "package.json").write_text(json.dumps(LOCK["packages"][""]))  # type: ignore[index]
    (tmp_path / "package-lock.json").write_text(json.dumps(LOCK))
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{free_port()}/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    return tmp_path


def test_without_a_registry_it_is_skipped_unless_it_is_required(
    website: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUIRE_NODE", "0")
    with pytest.raises(pytest.skip.Exception, match="npm reaches no registry"):
        node.npm(website, "ci")
    monkeypatch.setenv("REQUIRE_NODE", "1")
    with pytest.raises(pytest.fail.Exception, match="npm reaches no registry"):
        node.npm(website, "ci")


def test_what_is_wrong_with_a_website_is_a_failure(
    website: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUIRE_NODE", "0")
    with pytest.raises(AssertionError, match="Missing script"):
        node.npm(website, "run", "build")
    (website / "package.json").write_text("{")
    with pytest.raises(AssertionError, match="EJSONPARSE"):
        node.npm(website, "ci")
