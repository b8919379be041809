"""`cursor=`: whatever comes and goes, what is there all the time is met exactly once."""

import datetime
from random import Random
from typing import Any

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page

from frontend_api.endpoints.cursors import SALT, Values
from insights.models import InsightPage
from tests import factories
from tests.frontend_api.conftest import Get

pytestmark = pytest.mark.django_db

IS_DEEP = settings.get_current_profile_name() == "deep"
DAY = datetime.date(2024, 5, 31)
TITLES = ["", "a", "A", "ä", "é", "z", "日本", "Ж", '"', "x" * 250, "😀" * 250]
ORDERS = [
    *("title", "-title", "published_on", "-published_on", "source", "path", "-path", "id", "-id"),
    *("first_published_at", "-first_published_at", "source,-published_on", "-source,title,-id"),
    *("last_published_at,-title", "-last_published_at,source"),
]


def add(random: Random) -> Page:
    """Add an insight, much of which others have too, or which has no value."""
    page = factories.InsightPageFactory(
        title=random.choice(TITLES) or "None",
        published_on=DAY + datetime.timedelta(random.randrange(3)),
        source=random.choice(TITLES)[:100],
    )
    hours = datetime.timedelta(hours=random.randrange(3), microseconds=random.randrange(3))
    moment = datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC) + hours
    Page.objects.filter(pk=page.pk).update(
        first_published_at=random.choice([None, moment]),
        last_published_at=random.choice([None, moment]),
    )
    return page


def read(client: Client, path: str, **query: str) -> Any:
    """Return what an endpoint gives."""
    response = client.get(f"/api/v2/{path}", query)
    assert response.status_code == 200, response.content
    return response.json()


@settings(
    max_examples=100 if IS_DEEP else 2,
    derandomize=not IS_DEEP,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(random=st.randoms(use_true_random=False))
def test_what_is_there_all_the_time_is_met_once_whatever_comes_and_goes(
    db: None, client: Client, random: Random
) -> None:
    InsightPage.objects.all().delete()
    for _ in range(8):
        add(random)
    for order in random.sample(ORDERS, 3):
        there = set(InsightPage.objects.live().values_list("pk", flat=True))
        seen: list[int] = []
        cursor, limit = "start", str(random.randint(1, 4))
        path, more = random.choice(
            [("insights/", {}), ("pages/", {"type": "insights.InsightPage"})]
        )
        while cursor:
            listing = read(client, path, order=order, limit=limit, cursor=cursor, **more)
            seen += [item["id"] for item in listing["items"]]
            assert listing["meta"]["total_count"] == InsightPage.objects.live().count()
            cursor = listing["meta"]["next_cursor"]
            if len(seen) < 8:
                # Not for ever: what is added may always come after what was read.
                add(random)
                gone = random.choice(InsightPage.objects.live())
                there.discard(gone.pk)
                gone.unpublish() if random.random() < 0.5 else gone.delete()
        assert len(seen) == len(set(seen)), order
        assert there <= set(seen), order


@pytest.mark.parametrize("order", [None, *ORDERS])
def test_a_cursor_goes_through_a_listing_in_its_order(client: Client, order: str | None) -> None:
    random = Random(1)
    for _ in range(15):
        add(random)
    given = {"order": order} if order else {}
    whole = [item["id"] for item in read(client, "insights/", **given)["items"]]
    seen, cursor, requests = [], "start", 0
    while cursor:
        listing = read(client, "insights/", limit="5", cursor=cursor, **given)
        seen += [item["id"] for item in listing["items"]]
        cursor, requests = listing["meta"]["next_cursor"], requests + 1
    assert (seen, requests) == (whole, 3)


@pytest.mark.parametrize("path", ["images/", "documents/", "themes/", "partners/", "pages/"])
def test_every_listing_has_cursors(client: Client, path: str) -> None:
    for number in range(5):
        factories.ImageFactory()
        factories.DocumentFactory()
        partners, themes = [factories.PartnerFactory()], [factories.ThemeFactory()]
        factories.ProgrammePageFactory(title=f"{number}", partners=partners, themes=themes)
    whole = [item["id"] for item in read(client, path)["items"]]
    seen, cursor = [], "start"
    while cursor:
        listing = read(client, path, limit="2", cursor=cursor)
        seen += [item["id"] for item in listing["items"]]
        cursor = listing["meta"]["next_cursor"]
    assert seen == whole
    assert len(seen) >= 5


def test_the_same_listing_gives_the_same_cursor(client: Client) -> None:
    for number in range(3):
        factories.InsightPageFactory(title=f"{number}")
    first, second = (read(client, "insights/", cursor="start", limit="2") for _ in range(2))
    assert first == second
    assert first["meta"]["next_cursor"]
    # Which form the items have makes no difference to where they are.
    asked = {"cursor": first["meta"]["next_cursor"], "limit": "1"}
    plain = read(client, "insights/", **asked)
    for more in ({"fields": "_,title"}, {"view": "detail"}, {"facets": "kind"}):
        again = read(client, "insights/", **asked, **more)
        assert again["meta"]["next_cursor"] == plain["meta"]["next_cursor"]
        assert len(again["items"]) == 1
    assert "next_cursor" not in read(client, "insights/")["meta"]


def test_a_cursor_is_good_for_its_own_listing_alone(get: Get) -> None:
    theme = factories.ThemeFactory(slug="a")
    for number in range(3):
        factories.InsightPageFactory(title=f"{number}", themes=[theme])
    asked = {"order": "title", "theme": "a", "limit": "1"}
    cursor = get("insights/", cursor="start", **asked)["meta"]["next_cursor"]
    assert get("insights/", cursor=cursor, **asked)["items"]
    for path, other in (
        ("insights/", {**asked, "order": "-title"}),
        ("insights/", {"order": "title", "limit": "1"}),
        ("insights/", {**asked, "theme": "b"}),
        ("pages/", {"order": "title"}),
        ("images/", {"order": "title"}),
    ):
        problem = get(path, expect=400, cursor=cursor, **other)
        assert problem["errors"][0]["parameter"] == "cursor"
        assert "of another listing, order or filter" in problem["detail"]


def forged(*values: Any) -> str:
    """Return a signed cursor with any values, as another release may have made it."""
    return Signer(salt=SALT).sign_object(values, serializer=Values)


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "0", "null", "START", "a:b", ".", ".a:b", "é", "😀", "[]", "x" * 2_000),
        *(f"{forged('bound', 1, 'x')}x", forged("bound", 1), forged(), forged(None), forged({})),
    ],
)
def test_what_is_no_cursor_is_refused(get: Get, cursor: str) -> None:
    for path in ("insights/", "pages/", "images/", "themes/"):
        problem = get(path, expect=400, cursor=cursor)
        assert problem["errors"][0]["parameter"] == "cursor"
        assert "begin with cursor=start" in problem["detail"]


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"offset": "0"}, "cursor"),
        ({"search": "x"}, "cursor"),
        ({"order": "random"}, "cursor"),
        ({"limit": "0"}, "limit"),
    ],
)
def test_what_a_cursor_does_not_go_with_is_said(get: Get, more: dict[str, str], name: str) -> None:
    problem = get("insights/", expect=400, cursor="start", **more)
    assert problem["errors"][0]["parameter"] == name


def test_later_parts_of_a_large_listing_are_found_by_an_index(client: Client) -> None:
    for number in range(4):
        factories.InsightPageFactory(title=f"{number}")
    cursor = read(client, "insights/", cursor="start", limit="2")["meta"]["next_cursor"]
    with CaptureQueriesContext(connection) as ran:
        read(client, "insights/", cursor=cursor)
    [listed] = [one["sql"] for one in ran if "total_count" in one["sql"]]
    assert listed.count('"published_on" <=') == 1
