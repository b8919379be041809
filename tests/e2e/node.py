"""Node.js and npm, which what stands in front of the API is built with and runs on.

Without them, or without a registry that has the packages, a test is skipped, or fails where `REQUIRE_NODE` is set.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

from tests import databases

from .servers import ROOT

# What npm says where it reaches no registry, or one that does not work at the moment.
UNREACHED = re.compile(
    r"npm error code (?:E5\d\d|EAI_AGAIN|ECONN\w+|EHOSTUNREACH|ENETUNREACH|ENOTCACHED|ENOTFOUND|EPROTO"
    r"|ERR_SOCKET_TIMEOUT|ETIMEDOUT|FETCH_ERROR)"
)
MADE = (
    *("node_modules", "dist", "made", "snippets", "types.ts"),
    *(".next", ".nitro", ".nuxt", ".output", ".astro"),
)
QUIETLY = {
    "NEXT_TELEMETRY_DISABLED": "1",
    "NUXT_TELEMETRY_DISABLED": "1",
    "ASTRO_TELEMETRY_DISABLED": "1",
}


def is_required() -> bool:
    """Return whether the tests have to run."""
    return os.environ.get("REQUIRE_NODE", "") not in {"", "0"}


def program(name: str = "node") -> str:
    """Return the path of Node.js or of npm."""
    return shutil.which(name) or _without(
        f"There is no {name}: install it (`apt-get install nodejs npm`)."
    )


def npm(folder: Path, *arguments: str, **environment: str) -> None:
    """Run npm in a folder; show what it says if it fails."""
    # Who has no network is not to wait for it.
    patience = {} if is_required() else {"npm_config_fetch_retries": "0"}
    done = subprocess.run(
        [program("npm"), "--loglevel=error", *arguments],
        cwd=folder,
        env={**os.environ, **QUIETLY, **patience, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode and UNREACHED.search(done.stdout):
        _without(f"npm reaches no registry:\n{done.stdout}")
    assert done.returncode == 0, done.stdout


def build(folder: Path) -> None:
    """Install what the lock file in a folder names, and build what is in the folder."""
    npm(folder, "ci")
    npm(folder, "run", "build")


def copied(source: Path, target: Path) -> Path:
    """Copy a folder without what was installed or built in it."""
    return Path(shutil.copytree(source, target, ignore=shutil.ignore_patterns(*MADE)))


def built_client(run_folder: Path) -> Path:
    """Build the client in TypeScript, once for all processes of a run; return its folder.

    It lies in a repository with the other client, in which what is built on them can lie as well.
    """
    root = run_folder / "repository"
    root.mkdir(exist_ok=True)
    folder = root / "clients" / "typescript"
    with databases.one_process_at_a_time(root):
        if not (root / "built").exists():
            shutil.rmtree(root / "clients", ignore_errors=True)
            (root / "docs").mkdir(exist_ok=True)
            shutil.copy(ROOT / "docs" / "openapi.json", root / "docs")
            copied(ROOT / "clients", root / "clients")
            build(folder)
            (root / "built").touch()
    return folder


def _without(missing: str) -> NoReturn:
    if is_required():
        pytest.fail(missing)
    pytest.skip(missing)
