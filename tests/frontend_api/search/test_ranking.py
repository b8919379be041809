"""What readers find, in which order and how much of it, depends on what they see alone: drafts move nothing."""

from typing import Any

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from frontend_api.search import ranking
from tests import factories
from tests.frontend_api.conftest import Get
from tests.transactions import taken_back

pytestmark = pytest.mark.django_db

# Words that are like each other: whole, begun, and misspelt.
WORDS = ["harbour", "harbours", "harbuor", "harbor", "lights", "light"]
ASKED = ["harb", "harbuor", "lights harbour"]

some_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
# Where a page has its words, and for hidden pages, why nobody sees it.
shown = st.lists(st.tuples(some_words, some_words), min_size=1, max_size=4)
hidden = st.lists(
    st.tuples(some_words, some_words, st.sampled_from(["draft", "private", "changed"])),
    min_size=1,
    max_size=5,
)


def make(title: str, summary: str, number: int, **fields: Any) -> Any:
    return factories.InsightPageFactory(
        title=title, summary=summary, slug=f"page-{number}", **fields
    )


def hide(title: str, summary: str, why: str, number: int) -> None:
    if why == "draft":
        make(title, summary, number, live=False).save_revision()
    else:
        factories.restrict(make(title, summary, number))


def answers(get: Get) -> list[Any]:
    """Return all that a search says, in its order."""
    found = []
    for asked in ASKED:
        for parameters in ({}, {"limit": 1, "offset": 1}):
            found.append(get("search/", q=asked, **parameters))
            found.append(get("pages/", search=asked, **parameters))
        found.append(get("insights/", search=asked, search_operator="or"))
        found.append(get("autocomplete/", q=asked))
    return found


@pytest.mark.parametrize("few", [1_000, 2], ids=["usual", "crowded"])
@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(
    seen=[("lights", "harbour"), ("harbours", "light")],
    unseen=[("harbour lights", "harbour", "draft")] * 5,
)
@given(seen=shown, unseen=hidden)
def test_drafts_move_nothing(
    get: Get,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    seen: list[tuple[str, str]],
    unseen: list[tuple[str, str, str]],
) -> None:
    # Beyond so many, a search goes another way: there can be more drafts than it looks at.
    monkeypatch.setattr(ranking, "FEW", few)
    with taken_back():
        cache.clear()
        for number, (title, summary) in enumerate(seen):
            make(title, summary, number)
        # Pages that all see, of which there will be a draft.
        changed = {
            number: factories.InsightPageFactory(title="Mountains", slug=f"changed-{number}")
            for number, (*_words, why) in enumerate(unseen)
            if why == "changed"
        }
        first = answers(get)
        for number, (title, summary, why) in enumerate(unseen):
            if why == "changed":
                changed[number].title, changed[number].summary = title, summary
                changed[number].save_revision()
            else:
                hide(title, summary, why, 100 + number)
        assert answers(get) == first
