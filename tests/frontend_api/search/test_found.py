"""`search/`, `autocomplete/`, and the order of titles, on SQLite and on PostgreSQL."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from frontend_api.changes.models import Change
from frontend_api.dependencies.tracker import ENVIRON, Dependencies
from frontend_api.search.models import SearchEntry
from tests import factories
from tests.frontend_api.conftest import Get, titles
from tests.frontend_api.draft_site import seen_by
from tests.golden import assert_golden

pytestmark = pytest.mark.django_db


def text(words: str) -> list[dict[str, str]]:
    return [{"type": "rich_text", "value": f"<p>{words}</p>"}]


@pytest.fixture
def pages(db: None) -> dict[str, Page]:
    """Pages about a harbour, which each says somewhere else."""
    return {
        "body": factories.InsightPageFactory(
            title="Anchors", body=text("In the harbour &amp; out")
        ),
        "title": factories.ProgrammePageFactory(title="Harbour lights", slug="lights"),
        "summary": factories.InsightPageFactory(
            title="Boats", slug="boats", summary="Of every harbour"
        ),
        "beginning": factories.ContentPageFactory(title="Harbourmasters", slug="masters"),
        "other": factories.ContentPageFactory(title="Mountains"),
    }


def test_the_title_comes_before_the_summary_and_that_before_the_body(
    get: Get, pages: dict[str, Page]
) -> None:
    order = ["Harbour lights", "Harbourmasters", "Boats", "Anchors"]
    found = get("search/", q="harbour")
    assert titles(found) == order
    assert titles(get("pages/", search="harbour")) == order
    assert found["meta"] == {
        "total_count": 4,
        "counts": {
            "insights.InsightPage": 2,
            "cms.ContentPage": 1,
            "programmes.ProgrammePage": 1,
        },
    }


def test_an_item_is_a_teaser_with_what_was_found(get: Get, pages: dict[str, Page]) -> None:
    last = get("search/", q="HARBOUR", limit=1, offset=3)["items"][0]
    assert last.pop("highlight") == {
        "title": "Anchors",
        "excerpt": "In the <mark>harbour</mark> &amp; out",
    }
    [teaser] = get("insights/", search="anchors")["items"]
    assert last == teaser
    first = get("search/", q="harbour", limit=1)["items"][0]
    assert first["highlight"]["title"] == "<mark>Harbour</mark> lights"
    assert get("search/", q="harbour", highlight="false")["items"][0]["highlight"] is None


def test_golden(get: Get, pages: dict[str, Page]) -> None:
    assert_golden("search", get("search/", q="harbour", limit=2))
    assert_golden("autocomplete", get("autocomplete/", q="harb"))


def test_a_type_narrows_what_is_listed_and_not_what_is_counted(
    get: Get, pages: dict[str, Page]
) -> None:
    found = get("search/", q="harbour", type="insights.InsightPage")
    assert titles(found) == ["Boats", "Anchors"]
    assert found["meta"]["total_count"] == 2
    assert found["meta"]["counts"]["programmes.ProgrammePage"] == 1


@pytest.mark.parametrize("slip", ["harbuor", "harbor", "harbouur", "hsrbour"])
def test_a_slip_is_forgiven_where_nothing_else_is_found(
    get: Get, pages: dict[str, Page], slip: str
) -> None:
    assert set(titles(get("search/", q=slip))) >= {"Harbour lights", "Boats", "Anchors"}
    assert "Harbour lights" in titles(get("programmes/", search=slip))
    assert get("autocomplete/", q=slip)["items"][0]["title"] == "Harbour lights"
    # It is, and it is not what was meant.
    factories.ContentPageFactory(title=slip)
    assert titles(get("search/", q=slip))[0] == slip
    assert "Anchors" not in titles(get("search/", q=slip))


def test_a_title_completes_what_is_typed(get: Get, pages: dict[str, Page]) -> None:
    [lights, *_] = found = get("autocomplete/", q="lights h")["items"]
    assert found == [lights]
    assert lights == {
        "title": "Harbour lights",
        "html_url": pages["title"].full_url,
        "type": "programmes.ProgrammePage",
        "highlight": "<mark>Harbour</mark> <mark>lights</mark>",
    }
    assert [item["title"] for item in get("autocomplete/", q="ha")["items"]] == [
        "Harbourmasters",
        "Harbour lights",
    ]
    assert get("autocomplete/", q="ha", limit=1)["items"][0]["title"] == "Harbourmasters"
    assert get("autocomplete/", q="boats h")["items"] == []


def test_no_words_find_nothing(get: Get, pages: dict[str, Page]) -> None:
    nothing = {"meta": {"total_count": 0, "counts": {}}, "items": []}
    assert get("search/", q="") == get("search/", q="?!") == get("search/", q="qxqx") == nothing
    assert get("autocomplete/", q="") == {"items": []}
    for path in ("search/", "autocomplete/"):
        assert refused(get(path, expect=400)) == ["q"]
        assert refused(get(path, expect=400, q="a" * 201)) == ["q"]
        assert refused(get(path, expect=404, q="a", locale="tlh")) == ["locale"]
    assert refused(get("search/", expect=400, q="a", highlight="maybe")) == ["highlight"]


def refused(problem: dict[str, Any]) -> list[str]:
    """Return the parameters that a problem names."""
    return [error["parameter"] for error in problem["errors"]]


def test_nothing_private_is_found_counted_or_suggested(get: Get, pages: dict[str, Page]) -> None:
    def asked() -> list[object]:
        return [
            get("search/", q="zanzibar"),
            get("search/", q="zanzibra"),
            get("autocomplete/", q="zan"),
        ]

    before = asked()
    hidden = [
        factories.ContentPageFactory(title="Zanzibar", live=False),
        factories.ContentPageFactory(title="Zanzibar harbour", slug="z"),
    ]
    hidden[0].save_revision()
    factories.restrict(hidden[1])
    live = factories.ContentPageFactory(title="Mountains of old")
    live.title = "Zanzibar"
    live.save_revision()
    assert asked() == before
    assert get("search/", q="harbour")["meta"]["total_count"] == 4
    editor = factories.UserFactory(is_superuser=True)
    with seen_by(editor):
        assert hidden[0].pk in [item["id"] for item in get("search/", q="zanzibar")["items"]]


def test_what_is_named_anew_is_found_by_its_new_name(get: Get) -> None:
    theme, partner = factories.ThemeFactory(name="Sea"), factories.PartnerFactory(name="Trust")
    page = factories.ProgrammePageFactory(title="Boats", themes=[theme], partners=[partner])
    page.save_revision().publish()
    theme.name, partner.name = "Ocean", "Fund"
    theme.save()
    partner.save()
    assert titles(get("search/", q="ocean fund")) == ["Boats"]
    assert titles(get("search/", q="sea")) == []


def test_what_is_unpublished_or_deleted_is_not_found(get: Get, pages: dict[str, Page]) -> None:
    pages["title"].unpublish()
    pages["beginning"].delete()
    assert titles(get("search/", q="harbour")) == ["Boats", "Anchors"]
    assert not SearchEntry.objects.filter(number=pages["beginning"].pk, kind="wagtailcore.page")


def test_titles_are_in_readers_order(get: Get) -> None:
    expected = ["Aardvark", "Ábaco", "apple 2", "Apple 10", "Éclair", "eclipse"]
    expected += ["Österreich", "Zürich"]
    for title in reversed(expected):
        factories.InsightPageFactory(title=title)
    assert titles(get("insights/", order="title")) == expected
    assert titles(get("insights/", order="-title")) == expected[::-1]
    listed = titles(get("pages/", order="title", type="insights.InsightPage"))
    assert listed == expected
    for title in ("Zebra", "étude", "Eagle"):
        factories.ImageFactory(title=title)
    assert titles(get("images/", order="title")) == ["Eagle", "étude", "Zebra"]


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("ZÜRICH-SÜD.CH", "zürich-süd.ch"),
        ("École", "ÉCOLE"),
        ("straße.de", "STRASSE.DE"),
        ("IĞDIR.ORG", "ığdır.org"),
        ("İzmir", "izmir"),
        ("ΟΔΟΣ.GR", "οδος.gr"),
    ],
)
def test_a_source_is_found_in_any_case(get: Get, source: str, asked: str) -> None:
    page = factories.InsightPageFactory(external_url="https://a.example/", body=[], source=source)
    assert [item["id"] for item in get("insights/", source=asked)["items"]] == [page.pk]


def test_update_index_keeps_what_was_written_past_django(get: Get, pages: dict[str, Page]) -> None:
    Page.objects.filter(pk=pages["other"].pk).update(title="Lagoon")
    SearchEntry.objects.create(kind="wagtailcore.page", number=10**6, sort_key=b"", digest="")
    call_command("update_index", verbosity=0)
    assert titles(get("search/", q="lagoon")) == ["Lagoon"]
    assert titles(get("search/", q="mountains")) == []
    assert not SearchEntry.objects.filter(number=10**6)


def test_a_search_takes_as_many_queries_for_one_page_as_for_many(client: Client) -> None:
    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/v2/{path}").status_code == 200
        return len(captured)

    factories.InsightPageFactory(title="Harbour")
    paths = ("search/?q=harbour", "search/?q=hrbour", "autocomplete/?q=harb")
    for path in paths:
        count(path)
    few = [count(path) for path in paths]
    for _ in range(5):
        factories.InsightPageFactory(title="Harbour")
    assert [count(path) for path in paths] == few
    assert max(few) <= 12


@pytest.mark.parametrize("path", ["search/?q=harbour", "autocomplete/?q=har", "pages/?order=title"])
def test_an_answer_can_be_kept_until_what_is_found_changes(
    client: Client, pages: dict[str, Page], path: str
) -> None:
    def made_of() -> Dependencies:
        made: Dependencies = client.get(f"/api/v2/{path}").wsgi_request.META[ENVIRON]
        return made

    assert made_of().uncacheable is None
    before = Change.objects.order_by("version").last()
    pages["other"].title = "Harbour of mountains"
    pages["other"].save_revision().publish()
    later = Change.objects.filter(version__gt=before.version if before else 0)
    assert {tag for change in later for tag in change.tags} & made_of().tags
