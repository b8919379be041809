"""The API's root, and its addresses with and without a slash at the end."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from frontend_api import urls
from frontend_api.endpoints.collections import collections, snippets
from tests import factories
from tests.frontend_api.conftest import Get

pytestmark = pytest.mark.django_db


def test_the_root_names_every_endpoint(get: Get) -> None:
    index = get("")
    assert list(index) == ["title", "version", "docs", "schema", "endpoints"]
    assert index["docs"] == "http://localhost:8000/api/v2/docs/"
    assert index["schema"] == "http://localhost:8000/api/v2/schema/"
    named = {endpoint["name"]: endpoint for endpoint in index["endpoints"]}
    # A page, an image or a document alone is found in a listing; the rest of the names are the index and its links.
    alone = {"page", "image", "document", "redirect", "sitemap-part"}
    alone |= {"find-image", "find-document", "find-redirect"}
    there = {pattern.name for pattern in urls.urlpatterns if pattern.name}
    beside = (
        alone
        | {f"{name}-detail" for name in (*collections, *snippets)}
        | {"root", "docs", "schema"}
    )
    assert set(named) == there - beside
    assert all(list(one) == ["name", "url", "example", "about"] for one in named.values())
    assert all(one["about"].endswith(".") for one in named.values())
    get("", expect=400, site="localhost")


def test_each_example_is_answered(client: Client, get: Get) -> None:
    for factory in (factories.ProgrammePageFactory, factories.ImageFactory):
        factory()
    for endpoint in get("")["endpoints"]:
        parts = urlsplit(endpoint["example"])
        expected = 401 if endpoint["name"] == "preview" else 200
        response = client.get(f"{parts.path}?{parts.query}")
        assert response.status_code == expected, endpoint["example"]


@pytest.mark.parametrize("place", ["pages", "pages/find", "images", "site", "programmes", "schema"])
def test_an_address_is_answered_without_its_slash(client: Client, place: str) -> None:
    query = {"html_path": "/"} if place.endswith("find") else {}
    bare = client.get(f"/api/v2/{place}", query)
    assert bare.status_code == 200
    assert bare.content == client.get(f"/api/v2/{place}/", query).content
