"""`changes/`: what changed for readers after a cursor, as clients ask for it."""

import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from cms.models import ContentPage
from frontend_api.changes.surrogate_keys import of_change
from frontend_api.changes.transaction import invalidate_all, transaction
from frontend_api.feed.models import PublicChange, PublicState
from insights.models import InsightPage
from tests import factories
from tests.frontend_api.conftest import Clock, Get
from tests.golden import assert_golden
from tests.publishing import publish_unchecked

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]

ITEM = ["version", "kind", "type", "id", "html_url", "path_before", "tags", "changed_at"]


@pytest.fixture
def start(get: Get) -> str:
    """The cursor from which on a test listens."""
    answer = get("changes/")
    assert list(answer) == ["cursor", "items", "more"]
    assert (answer["items"], answer["more"]) == ([], False)
    cursor: str = answer["cursor"]
    return cursor


def publish(page: Any, **values: Any) -> None:
    """Publish a page with other values, as a request does it."""
    with transaction():
        for name, value in values.items():
            setattr(page, name, value)
        publish_unchecked(page.save_revision())


def make(**values: Any) -> InsightPage:
    """Make an insight that readers see."""
    with transaction():
        return factories.InsightPageFactory(**values)


def test_a_page_comes_changes_moves_and_goes(get: Get, start: str) -> None:
    page = make(slug="a", title="A")
    publish(page, title="Other")
    publish(page, slug="b")
    with transaction():
        page.unpublish()
    answer = get("changes/", after=start)
    assert all(list(item) == ITEM for item in answer["items"])
    versions = [one["version"] for one in answer["items"]]
    assert versions == list(range(versions[0], versions[0] + len(versions)))
    # The old address leads on, which is a change of its own.
    items = [one for one in answer["items"] if one["kind"] != "redirect"]
    base = "http://localhost/insight"
    assert [(one["kind"], one["html_url"], one["path_before"]) for one in items] == [
        ("published", f"{base}/a/", None),
        ("updated", f"{base}/a/", None),
        ("moved", f"{base}/b/", "/insight/a/"),
        ("gone", None, "/insight/b/"),
    ]
    assert {(one["type"], one["id"]) for one in items} == {("insights.InsightPage", page.pk)}
    assert not answer["more"]
    assert get("changes/", after=answer["cursor"]) == {**answer, "items": []}


def test_golden_changes(get: Get, start: str) -> None:
    page = make(slug="a", title="A")
    with transaction():
        page.delete()
    with transaction():
        factories.ThemeFactory(name="A theme")
    invalidate_all()
    answer = get("changes/", after=start)
    for item in answer["items"]:
        assert item["tags"]
        item |= {"version": 1, "tags": ["(a name)"], "changed_at": "(a time)"}
        item["id"] = item["id"] and "(an id)"
    assert_golden("changes", {**answer, "cursor": "(a cursor)"})


def test_whatever_a_page_ends_by_it_is_gone(get: Get, clock: Clock) -> None:
    pages = [make(slug=name) for name in ("deleted", "unpublished", "restricted", "away")]
    hidden = factories.ContentPageFactory(live=False)
    cursor = get("changes/")["cursor"]
    for page, act in zip(
        pages,
        (
            lambda page: page.delete(),
            lambda page: page.unpublish(),
            lambda page: page.view_restrictions.create(restriction_type="login"),
            lambda page: page.move(hidden, pos="last-child"),
        ),
        strict=True,
    ):
        key = page.pk
        with transaction():
            act(page)
        answer = get("changes/", after=cursor)
        cursor = answer["cursor"]
        (item,) = (one for one in answer["items"] if one["type"] == "insights.InsightPage")
        told = {name: item[name] for name in ("kind", "id", "html_url", "path_before")}
        assert told == {
            "kind": "gone",
            "id": key,
            "html_url": None,
            "path_before": f"/insight/{page.slug}/",
        }


def test_what_expires_is_gone_in_time_and_once(get: Get, clock: Clock) -> None:
    now = clock.now()
    page = make(slug="a", expire_at=now + datetime.timedelta(minutes=5))
    below = factories.ContentPageFactory(
        slug="section", expire_at=now + datetime.timedelta(minutes=9)
    )
    factories.ContentPageFactory(parent=below, slug="below")
    cursor = get("changes/")["cursor"]
    clock.shift = datetime.timedelta(minutes=6)
    answer = get("changes/", after=cursor)
    assert [(one["kind"], one["id"]) for one in answer["items"]] == [("gone", page.pk)]
    clock.shift = datetime.timedelta(minutes=10)
    answer = get("changes/", after=answer["cursor"])
    assert [(one["kind"], one["path_before"]) for one in answer["items"]] == [
        ("gone", "/section/"),
        ("gone", "/section/below/"),
    ]
    call_command("publish_scheduled")
    after = get("changes/", after=answer["cursor"])
    assert [one for one in after["items"] if one["id"]] == []


def test_a_day_and_a_year_begin(get: Get, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.TIME_ZONE = "UTC"
    moment = [datetime.datetime(2030, 12, 30, 23, 59, tzinfo=datetime.UTC)]
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment[0])
    cursor = get("changes/")["cursor"]
    for tags in ({"day"}, {"day", "year"}):
        moment[0] += datetime.timedelta(days=1)
        answer = get("changes/", after=cursor)
        cursor = answer["cursor"]
        assert [(one["kind"], one["id"], one["tags"]) for one in answer["items"]] == [
            ("other", None, of_change(tags))
        ]


def test_a_filter_loses_nothing_that_is_gone_nor_what_is_about_no_page(
    get: Get, start: str
) -> None:
    insight = make(slug="a")
    with transaction():
        programme = factories.ProgrammePageFactory(slug="p")
    with transaction():
        factories.ThemeFactory()
    image = factories.ImageFactory()
    for page in (insight, programme):
        with transaction():
            page.unpublish()

    def heard(**narrowed: str) -> list[tuple[str, int | None]]:
        items = get("changes/", after=start, **narrowed)["items"]
        return [(one["kind"], one["id"]) for one in items if one["kind"] != "search"]

    everything = heard()
    assert ("published", insight.pk) in everything
    assert ("image", image.pk) in everything
    assert ("snippet", None) in everything
    for narrowed in (
        {"type": "programmes.ProgrammePage"},
        {"type": "programmes.ProgrammePage,cms.ContentPage"},
    ):
        assert heard(**narrowed) == [one for one in everything if one != ("published", insight.pk)]
    other = Site.objects.create(
        hostname="other.example.org", root_page=factories.ContentPageFactory()
    )
    rest = heard(site=other.hostname)
    assert ("gone", insight.pk) in rest
    assert ("published", insight.pk) not in rest
    assert heard(site="localhost") != rest


def test_what_is_asked_for_wrongly(get: Get, start: str) -> None:
    for bad in ("x", "1", "1.", ".1", "1.2.3", "-1.2", "1" * 17 + ".2", "٣.1", "1.g"):
        problem = get("changes/", expect=400, after=bad)
        assert problem["errors"][0]["parameter"] == "after"
    for name, value, said in (
        ("limit", "0", "limit is 0; it is 1 at least."),
        ("limit", "101", "limit is 101; the most is 100."),
        ("wait", "26", "wait is 26; the most is 25."),
        ("wait", "1.5", "wait is '1.5'; it must be a whole number from 0 on."),
        ("type", "cms.Theme", "type is 'cms.Theme'; name page types, as in app.Model."),
    ):
        for more in ({}, {"after": start}):
            assert get("changes/", expect=400, **{name: value}, **more)["detail"] == said
    get("changes/", expect=404, site="nowhere")
    get("changes/", expect=404, locale="xx")


def test_a_cursor_of_another_feed_or_of_what_is_forgotten_says_to_begin_anew(
    get: Get, start: str, clock: Clock
) -> None:
    make()
    number, _, stamp = start.partition(".")
    for cursor in (f"{number}.{int(stamp, 16) ^ 1:x}", f"{int(number, 16) + 50:x}.{stamp}", "0.0"):
        problem = get("changes/", expect=410, after=cursor)
        assert "begin anew" in problem["detail"]
    clock.shift = datetime.timedelta(days=31)
    call_command("prune_changes")
    assert "begin anew" in get("changes/", expect=410, after=start)["detail"]
    cursor = get("changes/")["cursor"]
    call_command("prune_changes", days=0)
    assert get("changes/", after=cursor)["items"] == []


def test_no_cache_keeps_it_and_no_other_site_is_kept_from_it(client: Client, start: str) -> None:
    for query in ({}, {"after": start}):
        response = client.get("/api/v2/changes/", query)
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers
    assert client.get("/api/v2/changes/", headers={"authorization": "Bearer x"}).status_code == 401
    assert client.post("/api/v2/changes/").status_code == 405


def test_parts_of_a_transaction_follow_each_other(get: Get, start: str) -> None:
    with transaction():
        pages = [factories.ContentPageFactory(slug=f"slug-{number}") for number in range(5)]
    heard, cursor, more = [], start, True
    while more:
        part = get("changes/", after=cursor, limit=2)
        cursor, more = part["cursor"], part["more"]
        assert len(part["items"]) <= 2
        heard += [one["id"] for one in part["items"]]
    assert heard[: len(pages)] == [page.pk for page in pages]


@pytest.mark.parametrize("narrowed", [{}, {"type": "cms.ContentPage"}, {"site": "localhost"}])
def test_fifty_changes_take_as_many_queries_as_one(
    get: Get, start: str, narrowed: dict[str, str]
) -> None:
    def queries(limit: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = get("changes/", after=start, limit=limit, **narrowed)
        assert len(answer["items"]) == limit
        return len(captured)

    with transaction():
        for _ in range(50):
            factories.ContentPageFactory()
    get("changes/", after=start, **narrowed)
    assert queries(1) == queries(50) <= 6


def test_a_part_looks_through_as_much_however_much_there_is(get: Get, start: str) -> None:
    state = PublicState.objects.get()
    first, now = state.number + 1, datetime.datetime.now(tz=datetime.UTC)
    PublicChange.objects.bulk_create(
        PublicChange(
            number=number,
            stamp=7,
            kind="updated",
            object_type="insights.InsightPage",
            object_id="1",
            path="/a/",
            changed_at=now,
        )
        for number in range(first, first + 2_500)
    )
    PublicState.objects.update(number=first + 2_499, stamp=7)
    cursor, parts, heard = start, 0, 0
    more = True
    while more:
        with CaptureQueriesContext(connection) as captured:
            part = get("changes/", after=cursor, type="cms.ContentPage")
        assert len(captured) <= 5
        cursor, more, parts = part["cursor"], part["more"], parts + 1
        heard += len(part["items"])
    assert (parts, heard) == (3, 0)
    assert ContentPage.objects.count() == 0
