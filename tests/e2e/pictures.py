"""Makes the pictures of the documentation anew: `make pictures` runs those browser tests that take them.

A test takes a picture of what it tries, into the folder that `SCREENSHOTS` names; here they are cut and made small.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "images"
WIDEST = 1280
COLOURS = 192
GAP = 30


class Picture(NamedTuple):
    """Which test takes a picture, under which names, which stand side by side; and how much of its height is shown."""

    module: str
    test: str
    names: tuple[str, ...]
    height: int | None = None


WALK = ("previews", "test_an_editor_walks_through_drafts")
EDITED = ("editing", "test_a_change_is_previewed_submitted_published_and_read")
SHARED = ("previews", "test_a_partner_opens_a_link_until_it_is_revoked")
TEASERS = ("teasers", "test_a_programme_with_teasers_made_from_within_it")
PICTURES = {
    "checks": Picture(
        "previews", "test_the_panel_follows_an_editor_and_keeps_its_place", ("checks",)
    ),
    "compare": Picture(*WALK, ("compare",)),
    "frontend-gone": Picture(
        "frontend_gone",
        "test_the_panel_says_that_the_frontend_is_gone_and_comes_back",
        ("frontend-gone",),
    ),
    "logged-out": Picture(
        "logged_out", "test_save_draft_asks_for_a_login_and_saves", ("logged-out",)
    ),
    "new-insight": Picture(*TEASERS, ("new-insight-desk",)),
    "pasted-table": Picture(
        "paste", "test_a_table_becomes_a_block_between_the_texts_around_it", ("pasted-table",)
    ),
    "phone": Picture(*WALK, ("banner-375", "compare-375")),
    "preview": Picture(*EDITED, ("preview",)),
    "preview-ended": Picture("previews", "test_a_stolen_token_is_worth_little", ("ended",), 640),
    "programmes": Picture(*EDITED, ("programmes",)),
    "publish-with": Picture(*TEASERS, ("publish-with-desk",), 520),
    "publish-with-phone": Picture(*TEASERS, ("publish-with-phone",)),
    "schedule-month": Picture(
        "schedule",
        "test_an_editor_sees_what_goes_live_and_takes_it_along",
        ("schedule-month",),
        950,
    ),
    "search-preview": Picture(
        "search_preview",
        "test_a_page_is_shown_as_search_engines_and_friends_see_it",
        ("search-preview",),
    ),
    "share-draft": Picture(*SHARED, ("share",)),
    "shared-draft": Picture(*SHARED, ("shared",), 640),
    "webhook": Picture("webhooks", "test_a_webhook_is_made_tried_and_told", ("webhook",)),
}


def make(taken: Path, picture: Picture) -> Image.Image:
    """Return a picture of the documentation, made of what was taken."""
    parts = [Image.open(taken / f"{name}.png").convert("RGB") for name in picture.names]
    width = sum(part.width + GAP for part in parts) - GAP
    height = min(picture.height or parts[0].height, parts[0].height)
    whole = Image.new("RGB", (width, height), "white")
    left = 0
    for part in parts:
        whole.paste(part, (left, 0))
        left += part.width + GAP
    whole.thumbnail((WIDEST, height))
    return whole.quantize(COLOURS, dither=Image.Dither.NONE)


def main() -> int:
    """Run the tests, and write the pictures; return the status of the tests."""
    tests = dict.fromkeys(
        f"tests/e2e/test_{picture.module}.py::{picture.test}" for picture in PICTURES.values()
    )
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", *tests, *sys.argv[1:]]
        status = subprocess.call(command, cwd=ROOT, env={**os.environ, "SCREENSHOTS": folder})
        if status == 0:
            for name, picture in PICTURES.items():
                make(Path(folder), picture).save(FOLDER / f"{name}.png", optimize=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
