"""The number of queries depends on what is asked for, never on how much there is, and has a ceiling."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from frontend_api.changes.transaction import transaction
from frontend_api.endpoints.collections import collections
from tests import factories
from tests.filled import Filler, copies, page_types

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# What `docs/performance.md` promises.
MOST_FOR_A_LISTING = 14
MOST_FOR_A_DETAIL = 15
# What one more type of the plugin adds, in full: its tags, and snippets with drafts in two rounds, each of which asks
# when the next of them expires.
MORE_WITH_MEETINGS = 5

# What is named by the pages that a listing is about comes last in it, so that it is not among what is listed.
NEWEST_FIRST = {"events": "-starts_on"}

LISTINGS = [
    "pages/?order=-first_published_at",
    "pages/?order=-first_published_at&fields=*",
    "pages/?order=-first_published_at&fields=*&search=filled",
    "pages/?order=-first_published_at&fields=*&type=programmes.ProgrammePage,insights.InsightPage",
    *(f"{name}/?order={NEWEST_FIRST.get(name, '-first_published_at')}" for name in collections),
    *(
        f"{name}/?order={NEWEST_FIRST.get(name, '-first_published_at')}&fields=*"
        for name in collections
    ),
    "programmes/?fields=*&status=completed&running_in=2020",
    "insights/?fields=*&kind=article&order=-first_published_at",
    "programmes/?order=-first_published_at&facets=partner,theme,year",
    "insights/?order=-first_published_at&facets=kind,theme,year",
    "images/?order=-id",
    "images/?search=Image",
    "documents/?order=-id",
]


def read(client: Client, path: str) -> tuple[list[str], Any]:
    """Return the tables that the queries of a read begin with, and what it gives."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"/api/v2/{path}")
    assert response.status_code == 200, response.content
    first = [re.search(r'FROM "(\w+)"', query["sql"]) for query in captured]
    return [table[1] for table in first if table], response.json()


def test_a_listing_takes_the_same_few_queries_for_a_few_items_and_for_fifty(
    client: Client,
) -> None:
    filler = Filler(2)
    # Without inline children a page shows what it would suggest instead of what is chosen.
    with_children = [filler.page(model) for model in page_types()]
    without = [filler.page(model, children=False) for model in page_types()]
    for media in (factories.ImageFactory(), factories.DocumentFactory()):
        media.tags.add("a", "b")
    call_command("update_index", verbosity=0)
    for path in LISTINGS:
        # The first read fills what Django keeps in memory: what types of content there are.
        read(client, path)
    few = {path: read(client, f"{path}&limit={_filled(path)}")[0] for path in LISTINGS}
    # In turn, so that any fifty of them are of all types.
    with transaction():
        for page in (*with_children, *without) * 8:
            copies(page, 4)
        for _ in range(48):
            factories.ImageFactory()
            factories.DocumentFactory()
    call_command("update_index", verbosity=0)
    for path in LISTINGS:
        many, listing = read(client, f"{path}&limit=50")
        assert len(many) == len(few[path]), (path, many, few[path])
        # The search engine counts what it finds in a query of its own.
        most = MOST_FOR_A_LISTING + ("events_meetingtag" in many) * MORE_WITH_MEETINGS
        assert len(many) <= most, (path, many)
        assert len(listing["items"]) == 50, path


@pytest.mark.parametrize("model", page_types(), ids=lambda model: model.__name__)
def test_a_listing_of_one_type_takes_the_same_few_queries_for_one_item_and_for_fifty(
    client: Client, model: type[Page]
) -> None:
    page = Filler(2).page(model)
    path = f"pages/?order=-first_published_at&fields=*&type={model._meta.label}"
    read(client, path)
    for_one, listing = read(client, f"{path}&id={page.pk}")
    assert [item["id"] for item in listing["items"]] == [page.pk]
    with transaction():
        copies(page, 50)
    for_many, listing = read(client, f"{path}&limit=50")
    assert len(listing["items"]) == 50
    assert len(for_many) == len(for_one), (for_many, for_one)


def _filled(path: str) -> int:
    """Return how many items a listing has that were filled: two of each type."""
    if not path.startswith("pages/"):
        return 2
    named = re.search(r"type=([\w.,]+)", path)
    return 2 * (len(named[1].split(",")) if named else len(page_types()))


@pytest.mark.parametrize("children", [True, False], ids=["chosen", "suggested"])
@pytest.mark.parametrize("model", page_types(), ids=lambda model: model.__name__)
def test_a_detail_takes_the_same_few_queries_for_one_of_everything_and_for_forty(
    client: Client, model: type[Page], children: bool
) -> None:
    with transaction():
        few = Filler(1).page(model, children=children)
        many = Filler(40).page(model, children=children)
    read(client, f"pages/{few.pk}/")
    for_few, for_many = (read(client, f"pages/{page.pk}/")[0] for page in (few, many))
    assert len(for_many) == len(for_few), (for_many, for_few)
    assert len(for_many) <= MOST_FOR_A_DETAIL, for_many
