"""What a preview shows is what publishing makes: byte for byte, whatever a page has in it."""

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.models import Page

from cms.models import User
from frontend_api.introspection import is_inline_child
from tests import factories, previews
from tests.events.models import MeetingPage, Speaker
from tests.filled import Filler, page_types
from tests.frontend_api.draft_site import seen_by
from tests.frontend_api.scribbler import Scribbler
from tests.publishing import publish_unchecked

pytestmark = pytest.mark.django_db

IS_DEEP = settings.get_current_profile_name() == "deep"
# What the documentation says may differ, in `meta`; the last three for a first publishing only.
DIFFERS = ("draft", "last_published_at", "modified_time", "dateModified")
DIFFERS_AT_FIRST = (*DIFFERS, "first_published_at", "published_time", "datePublished")
INLINE_CHILDREN = {model._meta.label for model in apps.get_models() if is_inline_child(model)}
DOCS = Path(__file__).parents[3] / "docs"


def test_choices_of_several_stand_in_one_order_wherever_they_are(db: None, client: Client) -> None:
    sponsors = [factories.SponsorFactory(name=name) for name in ("First", "Second", "Third")]
    page = factories.MeetingPageFactory()
    # Whoever writes the rows between writes them in any order.
    for sponsor in reversed(sponsors):
        MeetingPage.supporters.through.objects.create(meetingpage=page, sponsor=sponsor)
    page = MeetingPage.objects.get(pk=page.pk)
    page.save_revision()
    live = read(client, f"pages/{page.pk}/")
    draft = read(client, "preview/", **previews.query_for(page))
    names = [
        [sponsor["name"] for sponsor in json.loads(found)["supporters"]] for found in (live, draft)
    ]
    assert names == [["First", "Second", "Third"]] * 2


@pytest.mark.parametrize("was_published", [True, False], ids=["changed", "new"])
@pytest.mark.parametrize("model", page_types(), ids=lambda model: model.__name__)
@settings(
    max_examples=settings().max_examples // 50,
    derandomize=not IS_DEEP,
    deadline=None,
    # A failure says what differs; to make the draft smaller would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(random=st.randoms(use_true_random=False))
def test_a_draft_is_shown_as_the_page_that_it_becomes(
    db: None, client: Client, model: type[Page], was_published: bool, random: Random
) -> None:
    with transaction.atomic():
        page, editor = drafted(model, was_published, random)
        previewed = read(client, "preview/", **previews.query_for(page, editor))
        previewed_text = read_text(client, "preview/", **previews.query_for(page, editor))
        with seen_by(editor):
            in_draft_site = read(client, f"pages/{page.pk}/")
            listed_as_draft = read(client, "pages/", type=model._meta.label, id=str(page.pk))
        publish_unchecked(Page.objects.get(pk=page.pk).latest_revision)
        live = read(client, f"pages/{page.pk}/")
        listed = read(client, "pages/", type=model._meta.label, id=str(page.pk))
        live_text = read_text(client, f"pages/{page.pk}/")
        differs = DIFFERS if was_published else DIFFERS_AT_FIRST
        assert without(in_draft_site, differs) == without(live, differs)
        assert without(listed_as_draft, differs) == without(listed, differs)
        assert without(previewed, differs) == without(live, differs)
        assert previewed_text == live_text
        transaction.set_rollback(True)


def drafted(model: type[Page], was_published: bool, random: Random) -> tuple[Any, User]:
    """Return a page of `model` with a random draft, as its editor's "View draft" has it, and the editor."""
    filler = Filler(2)
    page = filler.page(model)
    if not was_published:
        Page.objects.filter(pk=page.pk).update(
            live=False, first_published_at=None, last_published_at=None
        )
    targets = [page, factories.ContentPageFactory(parent=Page.objects.get(pk=page.pk))]
    page = Page.objects.get(pk=page.pk).specific
    Scribbler(random, filler, targets).write(page)
    # A form would refuse some of it; what is stored already may be anything.
    page.save_revision(clean=False)
    return page.latest_revision.as_object(), factories.UserFactory(groups=["Editors"])


def read(client: Client, path: str, **parameters: str) -> str:
    """Return the text of an answer."""
    response = client.get(f"/api/v2/{path}", parameters)
    assert response.status_code == 200, response.content
    return response.content.decode()


def read_text(client: Client, path: str, **parameters: str) -> str:
    """Return a page in Markdown, without the times of its front matter."""
    response = client.get(f"/api/v2/{path}", parameters, headers={"accept": "text/markdown"})
    assert response.status_code == 200, response.content
    return re.sub(
        r"^(?:published|updated): .*\n", "", response.content.decode(), flags=re.MULTILINE
    )


def without(text: str, names: tuple[str, ...]) -> str:
    """Return JSON without these properties of `meta` or within it, wherever one stands, and otherwise as it is.

    An inline child has no id before it is saved.
    """

    def keep(form: dict[str, Any]) -> dict[str, Any]:
        meta = form.get("meta", {})
        if meta.get("type") in INLINE_CHILDREN:
            form = {name: value for name, value in form.items() if name != "id"}
        return {**form, "meta": shortened(meta)} if meta else form

    def shortened(value: Any) -> Any:
        if isinstance(value, list):
            return [shortened(one) for one in value]
        if isinstance(value, dict):
            return {name: shortened(one) for name, one in value.items() if name not in names}
        return value

    return json.dumps(json.loads(text, object_hook=keep))


def test_a_child_that_is_saved_keeps_its_id_in_a_draft(db: None, client: Client) -> None:
    page = factories.EventPageFactory(speakers=["A", "B"])
    page.speakers.add(Speaker(name="New"))
    page.save_revision()
    draft = json.loads(read(client, "preview/", **previews.query_for(page)))["speakers"]
    live = json.loads(read(client, f"pages/{page.pk}/"))["speakers"]
    assert [speaker["id"] for speaker in draft] == [*(speaker["id"] for speaker in live), 0]


def test_the_documentation_says_what_differs() -> None:
    [sentence] = [
        line for line in (DOCS / "api.md").read_text().split("\n\n") if "byte for byte" in line
    ]
    for name in (*DIFFERS_AT_FIRST, "id"):
        assert f"`{name}`" in sentence
