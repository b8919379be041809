"""The number of queries depends on what is asked for, never on how much there is."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from cms.models import SiteSettings
from frontend_api.registry import collections
from tests import factories
from tests.filled import Filler, copies, page_types

pytestmark = pytest.mark.django_db

# One less than what is promised: the renditions of all images of a response take one more.
MOST_FOR_A_LISTING = 11
MOST_FOR_A_DETAIL = 14

LISTINGS = [
    "pages/",
    "pages/?fields=*",
    "pages/?fields=*&search=filled",
    "pages/?fields=*&type=programmes.ProgrammePage,insights.InsightPage",
    "programmes/?fields=related_insights(*)",
    "programmes/?fields=*&status=completed&running_in=2020",
    "insights/?fields=*&kind=article&order=title",
    "images/",
    "images/?search=Image",
    "documents/",
    *(f"pages/?fields=*&type={model._meta.label}" for model in page_types()),
    *(f"{name}/" for name in collections),
    *(f"{name}/?fields=*" for name in collections),
]


def queries(client: Client, path: str) -> list[str]:
    """Return the queries that a read takes; the first read fills what Django and Wagtail keep in memory."""
    client.get(f"/api/v2/{path}")
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"/api/v2/{path}")
    assert response.status_code == 200, response.content
    return [query["sql"] for query in captured]


def tables(statements: list[str]) -> str:
    """Return what each query reads first, for the message of a test that fails."""
    return "\n".join(
        (re.findall(r'FROM "(\w+)"', statement) or [statement])[0] for statement in statements
    )


def test_a_listing_takes_the_same_few_queries_for_one_item_and_for_a_hundred(
    client: Client,
) -> None:
    paths = [path + ("&" if "?" in path else "?") + "limit=100" for path in LISTINGS]
    filler = Filler(2)
    one_of_each = [filler.page(model) for model in page_types()]
    one_of_each += [filler.page(model, children=False) for model in page_types()]
    for media in (factories.ImageFactory(), factories.DocumentFactory()):
        media.tags.add("a", "b")
    call_command("update_index", verbosity=0)
    for_few = {path: queries(client, path) for path in paths}
    for page in one_of_each:
        copies(page, 50)
    call_command("update_index", verbosity=0)
    for_many = {path: queries(client, path) for path in paths}
    for path in paths:
        print(path, len(for_few[path]), len(for_many[path]), tables(for_many[path]))
