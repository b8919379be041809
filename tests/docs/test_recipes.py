"""The code in `docs/` for frontends is that of files in `examples/`, which are compiled and run elsewhere."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "examples" / "recipes"
# A line that leads to a file, and the file.
SHOWN = re.compile(
    r"^\[`(examples/(?:recipes|next)/[^`]+)`\]\(\.\./\1\):\n\n```\w+\n(.*?)^```$", re.M | re.S
)
LED_TO = re.compile(r"\]\(\.\./((?:examples|clients)/[^)]+)\)")
# The pages on which every piece of code is such a file.
PAGES = ("frontend", "nextjs", "nuxt", "astro")


def texts() -> list[str]:
    """Return the pages of the documentation."""
    return [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))]


def shown() -> dict[str, str]:
    """Return the code that is shown, by the file that it is of."""
    return {path: code for text in texts() for path, code in SHOWN.findall(text)}


def test_recipes_are_shown() -> None:
    names = {Path(path).parts[2] for path in shown() if path.startswith("examples/recipes/")}
    assert names == {one.name for one in RECIPES.iterdir() if one.is_dir()}


@pytest.mark.parametrize("path", sorted(shown()))
def test_what_is_shown_is_the_file(path: str) -> None:
    assert shown()[path] == (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_every_piece_of_code_is_that_of_a_file(name: str) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^```(?:ts|tsx|js|vue|astro)$", text, re.M)) == len(SHOWN.findall(text))


def test_what_is_led_to_is_there() -> None:
    led_to = {path for text in texts() for path in LED_TO.findall(text)}
    assert led_to
    assert all((ROOT / path).is_file() for path in led_to)
