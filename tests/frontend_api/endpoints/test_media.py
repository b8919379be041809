"""The libraries of images and documents: found, filtered and ordered as in Wagtail's v2 API."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Collection

from tests import factories
from tests.frontend_api.conftest import Get

pytestmark = pytest.mark.django_db


def titles(listing: dict[str, Any]) -> list[str]:
    return [item["title"] for item in listing["items"]]


@pytest.mark.parametrize(
    ("library", "factory"),
    [("images", factories.ImageFactory), ("documents", factories.DocumentFactory)],
)
def test_one_is_found_by_its_id_and_never_a_private_one(
    client: Client, library: str, factory: Any
) -> None:
    item = factory()
    found = client.get(f"/api/v2/{library}/find/", {"id": item.pk})
    assert found.json() == client.get(f"/api/v2/{library}/{item.pk}/").json()
    private = Collection.get_first_root_node().add_child(name="Private")
    private.view_restrictions.create(restriction_type="login")
    item.collection = private
    item.save()
    assert client.get(f"/api/v2/{library}/find/", {"id": item.pk}).status_code == 404
    assert client.get(f"/api/v2/{library}/find/", {"id": 99999}).status_code == 404


def test_a_library_is_narrowed_to_a_collection_and_to_sizes(get: Get) -> None:
    boats = Collection.get_first_root_node().add_child(name="Boats")
    factories.ImageFactory(title="In", collection=boats)
    factories.ImageFactory(title="Out")
    assert titles(get("images/", collection=str(boats.pk))) == ["In"]
    assert titles(get("images/", width="8", order="-title")) == ["Out", "In"]
    assert titles(get("images/", width="9")) == []
    boats.view_restrictions.create(restriction_type="login")
    assert titles(get("images/", collection=str(boats.pk))) == []
    factories.DocumentFactory(title="Report", collection=boats)
    assert titles(get("documents/", collection=str(boats.pk))) == []
