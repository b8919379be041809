"""The wheel that the tests of this folder install into projects of other people."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of the wheel that `pip install .` makes."""
    folder = tmp_path_factory.mktemp("wheel")
    # Without isolation, which would fetch the build backend that is here already.
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT]
    subprocess.run([sys.executable, "-m", "pip", *map(str, build)], check=True)
    [path] = folder.glob("*.whl")
    return path
