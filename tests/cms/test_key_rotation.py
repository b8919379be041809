"""A new secret key, beside the one before, ends nothing that was begun; without the one before, all of it."""

from typing import Any

import pytest
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import reverse

from frontend_api.caching.backends.serializers import SignedSerializer
from frontend_api.changes import surrogate_keys
from frontend_api.previews import typed_drafts
from frontend_api.previews.sharing.forms import FOLLOW
from tests import factories, previews
from tests.cms.admin import edit_url
from tests.cms.schedule.test_links import link, read

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOME = "/admin/"
BEFORE = "the key before"


@pytest.fixture(autouse=True)
def key_before(settings: Any) -> None:
    """The secret key by which everything here begins."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = BEFORE, []


def rotate(settings: Any, *former: str) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the key after", [*former]


def test_a_session_goes_on_in_place_and_without_its_key_ends(
    administrator: Client, settings: Any
) -> None:
    session_key, signed = administrator.session.session_key, administrator.session[HASH_SESSION_KEY]
    rotate(settings, BEFORE)
    other_tab = Client()
    other_tab.cookies = administrator.cookies
    for browser in (administrator, other_tab):
        assert browser.get(HOME).status_code == 200
    # The same session, signed again: what belongs to it, such as previews, is still found.
    assert administrator.session.session_key == session_key
    assert administrator.session[HASH_SESSION_KEY] != signed
    settings.SECRET_KEY_FALLBACKS = []
    assert administrator.get(HOME).status_code == 200


def test_a_session_of_a_key_that_is_not_known_ends(administrator: Client, settings: Any) -> None:
    rotate(settings, "some other key")
    assert administrator.get(HOME).status_code == 302
    rotate(settings)
    assert administrator.get(HOME).status_code == 302


def test_a_session_that_ended_with_the_password_does_not_go_on(settings: Any) -> None:
    browser, user = previews.log_in()
    user.set_password("another")
    user.save()
    rotate(settings, BEFORE)
    assert browser.get(HOME).status_code == 302


def test_a_preview_goes_on_before_and_after_its_editor_does_something(settings: Any) -> None:
    browser, user = previews.log_in()
    token = typed_drafts.keep(
        factories.ContentPageFactory(), user, str(browser.session.session_key)
    )
    rotate(settings, BEFORE)
    for _ in range(2):
        shown = Client().get("/api/v2/preview/", headers=previews.bearer(token))
        assert shown.status_code == 200
        browser.get(HOME)
    rotate(settings)
    gone = Client().get("/api/v2/preview/", headers=previews.bearer(token))
    assert gone.status_code == 401


def test_a_shared_link_is_shown_and_works(administrator: Client, settings: Any) -> None:
    page = factories.ContentPageFactory()
    made = administrator.post(
        reverse("frontend_api_sharing:share", args=[page.pk]),
        {"made_for": "A partner", "days": "7", "shows": FOLLOW},
    )
    rotate(settings, BEFORE)
    context = administrator.get(made["Location"]).context
    token = context["link"].partition("token=")[2].partition("&")[0]
    for _ in range(2):
        shown = Client().get("/api/v2/preview/", headers=previews.bearer(token))
        assert shown.status_code == 200
        # It never needs the key: what is stored is a digest.
        rotate(settings)


def test_a_calendar_and_a_mailed_link_go_on(editor: Client, settings: Any) -> None:
    address = link(editor)
    user = factories.UserFactory()
    mailed = default_token_generator.make_token(user)
    rotate(settings, BEFORE)
    assert read(address).status_code == 200
    assert default_token_generator.check_token(user, mailed)


def test_a_cursor_goes_on(client: Client, settings: Any) -> None:
    for _ in range(3):
        factories.InsightPageFactory()
    first = client.get("/api/v2/insights/", {"limit": 1, "cursor": "start"}).json()
    rotate(settings, BEFORE)
    following = client.get(
        "/api/v2/insights/", {"limit": 1, "cursor": first["meta"]["next_cursor"]}
    )
    assert following.status_code == 200
    assert following.json()["items"] != first["items"]


def test_what_a_cache_server_keeps_is_read_on(settings: Any) -> None:
    kept = SignedSerializer().dumps({"a": 1})
    rotate(settings, BEFORE)
    assert SignedSerializer().loads(kept) == {"a": 1}
    assert SignedSerializer().dumps({"a": 1}) != kept


def test_tags_keep_their_names_while_the_first_key_is_known(settings: Any) -> None:
    names = surrogate_keys.of_change({"page:14"})
    everything = surrogate_keys.of_everything()
    rotate(settings, BEFORE)
    assert surrogate_keys.of_change({"page:14"}) == names
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a third", ["the key after", BEFORE]
    assert surrogate_keys.of_everything() == everything


def test_a_page_is_edited_on(moderator: Client, settings: Any) -> None:
    page = factories.ContentPageFactory()
    moderator.get(edit_url(page))
    rotate(settings, BEFORE)
    assert moderator.get(edit_url(page)).status_code == 200
