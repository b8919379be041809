"""The JSON in `docs/api.md` is what the API gives of the demo site.

An example stands under a line that says what was asked, such as "`pages/find/?html_path=/about/` gives:". In it, "…"
stands for any value or the rest of a text; as the last item of a list or the last key of an object, for all the rest.
"""

import json
import os
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Site

from cms.models import ContentPage, HomePage
from frontend_api.images.renditions import make_missing, shown_by
from insights.models import InsightPage
from programmes.models import ProgrammePage
from tests.docs import recorded

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
        for page in (
            ProgrammePage.objects.get(slug=recorded.PROGRAMME),
            InsightPage.objects.get(slug=recorded.ARTICLE),
            HomePage.objects.get(pk=Site.objects.get(is_default_site=True).root_page_id),
            ContentPage.objects.get(slug="about"),
        ):
            make_missing(shown_by(page)[1])


def test_there_are_examples() -> None:
    assert len(examples()) >= 8


@pytest.mark.parametrize(("asked", "shown"), examples(), ids=[asked for asked, _ in examples()])
def test_an_example_is_what_the_api_gives(
    asked: str, shown: Any, client: Client, pictures: None
) -> None:
    given = client.get(f"/api/v2/{asked}").json()
    assert differences(shown, given) == []


def asked_with_curl() -> list[str]:
    """Return the commands with which the guides have somebody ask the API."""
    texts = [
        (GUIDE.parent / name).read_text(encoding="utf-8") for name in ("api.md", "frontend.md")
    ]
    return [line for text in texts for line in re.findall(r"^curl .*", text, re.M)]


@pytest.mark.parametrize("command", asked_with_curl())
def test_what_is_asked_with_curl_is_answered(command: str, client: Client, demo: None) -> None:
    words = shlex.split(command, comments=True)
    headers = dict(
        words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "--header"
    )
    (address,) = [word for word in words if word.startswith("http://localhost:8000/")]
    answer = client.get(address.removeprefix("http://localhost:8000"), headers=headers)
    # The cursor that is shown is of another feed.
    assert answer.status_code == (410 if "after=" in address else 200)


def test_recorded_examples_are_what_the_api_gives(client: Client, pictures: None) -> None:
    made = recorded.examples(client)
    if os.environ.get("GOLDEN") == "write":
        text = json.dumps(made, indent=1, ensure_ascii=False)
        recorded.PATH.write_text(f"{text}\n", encoding="utf-8")
    kept = json.loads(recorded.PATH.read_text(encoding="utf-8"))
    assert recorded.stable(made) == recorded.stable(kept)
    assert json.dumps(recorded.stable(made)) == json.dumps(recorded.stable(kept))


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
