"""The starter in Next.js is copied as a folder, so that it has what it shares with the reference frontend itself."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.once

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_it_looks_as_the_reference_frontend_does() -> None:
    own = EXAMPLES / "next" / "app" / "site.css"
    assert own.read_bytes() == (EXAMPLES / "frontend/website/static/site.css").read_bytes()
