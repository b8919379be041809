"""`view=detail`: a listing of pages in full, exactly as each is shown alone, in a few queries."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from frontend_api.changes.transaction import transaction
from tests import factories
from tests.filled import Filler, copies, page_types
from tests.frontend_api.conftest import Get
from tests.frontend_api.draft_site import editor_of, seen_by

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# What whole pages may take beyond teasers, however many there are.
MOST_MORE = 15
AT_ONCE = 100


def text_of(client: Client, path: str, **query: str) -> str:
    """Return the text of an answer."""
    response = client.get(f"/api/v2/{path}", query)
    assert response.status_code == 200, response.content
    return response.content.decode()


def items_of(client: Client, path: str, **query: str) -> list[str]:
    """Return the text of each item of a listing."""
    text = text_of(client, path, **query)
    items = json.loads(text)["items"]
    texts = [json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in items]
    # Nothing is lost by reading it: it is the same text.
    assert text.endswith(f'"items":[{",".join(texts)}]}}')
    return texts


def test_each_page_of_a_listing_is_as_it_is_alone(db: None, client: Client) -> None:
    filler = Filler(2)
    for model in page_types():
        filler.page(model)
    for fields in ({}, {"fields": "_,title,body,image"}, {"rich_text_format": "markdown"}):
        whole = items_of(client, "pages/", view="detail", limit="100", **fields)
        keys = [item["id"] for item in json.loads(text_of(client, "pages/", limit="100"))["items"]]
        assert len(whole) == len(keys) > len(page_types())
        for key, item in zip(keys, whole, strict=True):
            own = dict(fields)
            known = json.loads(text_of(client, f"pages/{key}/"))
            if "fields" in own and "body" not in known:
                # A field that another type has is an error alone, and passed over in a listing.
                continue
            if "fields" in own and "image" not in known:
                own["fields"] = "_,title,body"
            assert item == text_of(client, f"pages/{key}/", **own)
    for name in ("programmes", "insights", "events", "meetings"):
        for item in items_of(client, f"{name}/", view="detail"):
            assert item == text_of(client, f"{name}/{json.loads(item)['id']}/")


def test_drafts_are_listed_in_full_as_each_is_alone(client: Client) -> None:
    page = factories.ProgrammePageFactory()
    page.title = "As a draft"
    page.save_revision()
    with seen_by(editor_of(factories.home())):
        whole = items_of(client, "programmes/", view="detail")
        assert whole == [text_of(client, f"pages/{page.pk}/")]
    assert json.loads(whole[0])["meta"]["draft"]["is_draft"]


def test_a_view_that_there_is_not_is_refused(get: Get) -> None:
    problem = get("pages/", expect=400, view="whole")
    assert problem["detail"] == "view is 'whole'; it takes detail or teaser."
    assert "view" in get("images/", expect=400, view="detail")["detail"]
    assert get("pages/", view="teaser") == get("pages/")


@pytest.mark.once
@pytest.mark.parametrize("many", [300, pytest.param(1_000, marks=pytest.mark.nightly)])
def test_a_site_is_read_in_as_many_requests_as_it_has_hundreds_of_pages(
    client: Client, many: int
) -> None:
    filler = Filler(1)
    made = [filler.page(model) for model in page_types()]
    # In turn, so that any hundred of them are of all types.
    with transaction():
        for page in made * (1 + many // len(made) // 5):
            copies(page, 6)
    there = Page.objects.filter(live=True, depth__gt=1).count()
    Page.objects.filter(pk__in=Page.objects.order_by("-pk").values("pk")[: there - many]).delete()
    text_of(client, "pages/", view="detail")
    seen: list[Any] = []
    numbers: list[tuple[int, int]] = []
    cursor = "start"
    while cursor:
        asked = {"order": "id", "limit": str(AT_ONCE), "cursor": cursor}
        with CaptureQueriesContext(connection) as teasers:
            text_of(client, "pages/", **asked)
        with CaptureQueriesContext(connection) as whole:
            answer = json.loads(text_of(client, "pages/", view="detail", **asked))
        numbers.append((len(whole), len(teasers)))
        seen += [item["id"] for item in answer["items"]]
        cursor = answer["meta"]["next_cursor"]
    assert len(seen) == len(set(seen)) == many
    assert len(numbers) == many // AT_ONCE
    # The first hundred have the homes and lists among them, so that there may be less to fetch.
    assert len({whole for whole, _ in numbers[1:]}) == 1, numbers
    assert numbers[0][0] <= numbers[1][0], numbers
    assert all(whole - teasers <= MOST_MORE for whole, teasers in numbers), numbers
