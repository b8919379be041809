"""The system check of what mends Wagtail's editor."""

from pathlib import Path

import pytest
import wagtail

from cms.editor.checks import MENDS, TRIED, check_mends

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[3]


def test_nothing_is_said_of_the_wagtail_that_needs_the_mends() -> None:
    assert wagtail.__version__ == TRIED
    assert check_mends(None) == []


def test_each_mend_is_named_once_wagtail_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wagtail, "__version__", "8.0.9")
    assert [warning.id for warning in check_mends(None)] == list(MENDS)


@pytest.mark.parametrize("number", MENDS)
def test_what_is_named_is_there(number: str) -> None:
    _, test, _ = MENDS[number]
    assert (ROOT / test).exists()
