"""What the recipes in `examples/recipes/` need beside Python and Node.js: the programs that run them."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from . import node
from .servers import ROOT

RECIPES = ROOT / "examples" / "recipes"
SECONDS = 60


def program(name: str, package: str) -> str:
    """Return the path of a program; without it the test is skipped, or fails where `REQUIRE_RECIPES` is set."""
    # Debian keeps servers where only an administrator's shell looks.
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        said = f"There is no {name}: install it (`apt-get install {package}`)."
        if os.environ.get("REQUIRE_RECIPES", "") not in {"", "0"}:
            pytest.fail(said)
        pytest.skip(said)
    return found


def built(name: str, folder: Path) -> Path:
    """Copy the recipes into a folder and build one of them, with the packages that its lock file names."""
    copy = node.copied(RECIPES, folder / "recipes") / name
    node.build(copy)
    return copy


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for what a purge brings about."""
    before = time.monotonic()
    while not is_so():
        assert time.monotonic() - before < SECONDS
        time.sleep(0.1)
