"""What is compared is the same on both sides, so that the figures of `make bench` mean something."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client, override_settings

from tests import transactions
from tests.benchmarks import compare, content
from tests.benchmarks.stock import renditions

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.nightly]


@pytest.fixture(scope="module")
def filled(
    django_db_setup: None,
    django_db_blocker: "DjangoDbBlocker",
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The content of the benchmark, with a media folder of its own."""
    with (
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("benchmark")),
        django_db_blocker.unblock(),
        transactions.taken_back(),
    ):
        content.make()
        yield


@pytest.fixture
def read(filled: None, client: Client) -> Iterator[compare.Read]:
    """How to read from both sides."""
    with override_settings(ROOT_URLCONF="tests.benchmarks.urls"):
        yield lambda address: client.get(address).content


def addresses(image: Any) -> set[str]:
    """Return the addresses of all renditions that an image here has."""
    return {item["url"] for source in image["sources"] for item in source["srcset"]}


def test_both_sides_read_the_same(read: compare.Read) -> None:
    for case in compare.cases():
        own, stock = (json.loads(read(address)) for address in (case.own, case.stock))
        if "items" in own:
            assert len(own["items"]) == compare.IN_A_LISTING
            assert [item["id"] for item in own["items"]] == [item["id"] for item in stock["items"]]
            assert own["meta"] == stock["meta"]
        pairs = zip(own.get("items", [own]), stock.get("items", [stock]), strict=True)
        for here, there in pairs:
            # Stock has no path of a page, and where an insight leads is a field of this project.
            assert set(here) - {"link", "type"} <= set(there)
            for name in (
                "id",
                "title",
                "summary",
                "published_on",
                "start_year",
                "period",
                "source",
            ):
                assert here.get(name) == there.get(name)
            assert [theme["name"] for theme in here["themes"]] == [
                theme["name"] for theme in there["themes"]
            ]
            assert here["image"]["id"] == there["image"]["id"]
            use = "teaser" if "items" in own else "hero"
            assert addresses(here["image"]) == {there[name]["full_url"] for name in renditions(use)}
            assert [block["type"] for block in here.get("body", ())] == [
                block["type"] for block in there.get("body", ())
            ]
            assert [partner["logo"]["id"] for partner in here.get("partners", ())] == [
                link["partner"]["logo"]["id"] for link in there.get("partners", ())
            ]
            assert [insight["summary"] for insight in here.get("related_insights", ())] == [
                link["insight"]["summary"] for link in there.get("related_insights", ())
            ]


def test_what_a_body_names_is_there_to_be_asked_for(read: compare.Read) -> None:
    for case in compare.cases()[:2]:
        kinds = {address.split("/")[2] for address in case.more}
        assert kinds == {"documents", "images", "pages"}
        for address in case.more:
            assert json.loads(read(address))["id"]


def test_the_benchmark_runs(read: compare.Read) -> None:
    results = list(compare.compare(read, rounds=1))
    assert [result.case for result in results] == compare.cases()
    assert all(result.own > 0 and result.own_queries < result.stock_queries for result in results)
