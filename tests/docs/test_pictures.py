"""Every picture of the documentation is shown there, and made by a test."""

import re
from pathlib import Path

import pytest

from tests.e2e.pictures import FOLDER, PICTURES, ROOT

pytestmark = pytest.mark.once


def test_pictures_are_those_that_are_made_and_shown() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {
        name
        for page in pages
        for name in re.findall(r"!\[[^\]]*\]\(\S*images/(\S+)\.png\)", page.read_text("utf-8"))
    }
    assert {path.stem for path in FOLDER.iterdir()} == shown == {*PICTURES}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_taken_by_a_test(name: str) -> None:
    picture = PICTURES[name]
    text = Path(ROOT, "tests", "e2e", f"test_{picture.module}.py").read_text("utf-8")
    assert f"def {picture.test}(" in text
