"""The JSON in `docs/api.md` is what the API gives of the demo site.

An example stands under a line that says what was asked, such as "`pages/find/?html_path=/about/` gives:". In it, "…"
stands for any value or the rest of a text; as the last item of a list or the last key of an object, for all the rest.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from frontend_api.images.renditions import make_missing, shown_by
from programmes.models import ProgrammePage

pytestmark = [pytest.mark.django_db, pytest.mark.once]

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
ANY = "…"


def examples() -> list[tuple[str, Any]]:
    """Return what was asked and what is shown, for each example."""
    text = GUIDE.read_text(encoding="utf-8")
    found = re.findall(r"^`([^`\n]+)` gives[^\n]*:\n\n```json\n(.*?)```", text, re.M | re.S)
    return [(asked, json.loads(shown)) for asked, shown in found]


def differences(shown: Any, given: Any, place: str = "") -> list[str]:
    """Return where what is shown is not what is given."""
    if shown == ANY:
        return []
    if isinstance(shown, dict) and isinstance(given, dict):
        names = [name for name in shown if name != ANY]
        if names != list(given)[: len(names) if ANY in shown else None]:
            return [f"{place}: the keys are {list(given)}"]
        return [
            found
            for name in names
            for found in differences(shown[name], given[name], f"{place}.{name}")
        ]
    if isinstance(shown, list) and isinstance(given, list):
        is_part = bool(shown) and shown[-1] == ANY
        items = shown[:-1] if is_part else shown
        if len(given) < len(items) or (len(given) > len(items) and not is_part):
            return [f"{place}: there are {len(given)} items"]
        return [
            found
            for number, (one, other) in enumerate(zip(items, given, strict=False))
            for found in differences(one, other, f"{place}[{number}]")
        ]
    if isinstance(shown, str) and isinstance(given, str) and ANY in shown:
        pattern = ".*".join(re.escape(part) for part in shown.split(ANY))
        return [] if re.fullmatch(pattern, given, re.DOTALL) else [f"{place}: {given!r}"]
    # Ids differ from one database to the next.
    is_id = place.endswith(".id") and isinstance(shown, int) and isinstance(given, int)
    return [] if shown == given or is_id else [f"{place}: {given!r}"]


@pytest.fixture(scope="module")
def pictures(demo: None, django_db_blocker: Any) -> None:
    """The renditions of the programme that the guide shows, which are made once the demo is committed."""
    with django_db_blocker.unblock():
        make_missing(shown_by(ProgrammePage.objects.get(slug="identifying-victims-online"))[1])


def test_there_are_examples() -> None:
    assert len(examples()) >= 8


@pytest.mark.parametrize(("asked", "shown"), examples(), ids=[asked for asked, _ in examples()])
def test_an_example_is_what_the_api_gives(
    asked: str, shown: Any, client: Client, pictures: None
) -> None:
    given = client.get(f"/api/v2/{asked}").json()
    assert differences(shown, given) == []


@pytest.mark.parametrize(
    ("shown", "given"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1, "…": "…"}, {"b": 1, "a": 1}),
        ([1], [1, 2]),
        ([1, 2, "…"], [1]),
        ("a…c", "abd"),
        ({"id": 1}, {"id": "1"}),
        ({"slug": None}, {"slug": ""}),
    ],
)
def test_a_difference_is_seen(shown: Any, given: Any) -> None:
    assert differences(shown, given)
