"""Credentials: what one gives, where, until when, and that a bad one is answered alike everywhere."""

import datetime
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import GroupPagePermission, Page, Site
from wagtail_headless_preview.models import PagePreview

from cms.models import HomePage
from frontend_api import urls
from frontend_api.errors import BadCredential
from frontend_api.previews import credentials, tokens, typed_drafts
from frontend_api.previews.sharing.actions import revoke, share
from frontend_api.previews.sharing.models import SharedDraft
from tests import factories, previews
from tests.configure import configure

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WEEK = datetime.timedelta(days=7)


def shared(page: Page, user: Any = None, **terms: Any) -> tuple[SharedDraft, str]:
    """Share the draft of `page`; return the row and its token."""
    user = user or factories.UserFactory(is_superuser=True)
    complete = {"made_for": "A partner", "expires_at": timezone.now() + WEEK, **terms}
    row, seed = share(page, factories.default_site(), user, complete)
    return row, tokens.derived_token(tokens.SHARE, seed)


def ask(path: str, token: str | None = None, **query: str) -> Any:
    """Read an address of the API, as a frontend does."""
    headers = {} if token is None else previews.bearer(token)
    return Client().get(path, query, headers=headers)


def whole(response: Any) -> tuple[int, dict[str, str], bytes]:
    """Return everything of an answer that its reader gets."""
    return response.status_code, dict(response.headers), response.content


def other_site() -> Site:
    """Make a second site."""
    root = Page.get_first_root_node().add_child(instance=HomePage(title="Other", slug="other"))
    return Site.objects.create(hostname="other.example", port=443, root_page=root)


def endpoints() -> list[str]:
    """Return an address of every endpoint, from the one place that lists them."""
    named = [pattern for pattern in urls.urlpatterns if pattern.name not in {None, "root"}]
    patterns = {str(pattern.name): pattern for pattern in named}
    return [
        reverse(f"frontend_api:{name}", args=[1] * len(pattern.pattern.converters))
        for name, pattern in sorted(patterns.items())
    ]


# Why a preview's token shows nothing: each makes one that is bad, or that has become so.


def preview_token(change: Callable[[Page, Any], None] = lambda page, user: None) -> str:
    page, user = factories.ContentPageFactory(), factories.UserFactory(groups=["Editors"])
    token = previews.token_for(page, user)
    change(page, user)
    return token


def expired_preview() -> str:
    page, user = factories.ContentPageFactory(), factories.UserFactory(is_superuser=True)
    an_hour_ago = signing.time.time() - 3601
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing.time, "time", lambda: an_hour_ago)
        return previews.token_for(page, user)


def after_logout() -> str:
    browser, user = previews.log_in()
    page = factories.ContentPageFactory()
    token = typed_drafts.keep(page, user, str(browser.session.session_key))
    assert ask("/api/v2/preview/", token).status_code == 200
    browser.post(reverse("wagtailadmin_logout"))
    return token


def after_another_password() -> str:
    user = factories.UserFactory(is_superuser=True)
    token = previews.token_for(factories.ContentPageFactory(), user)
    user.set_password("another")
    user.save()
    return token


def deactivate(page: Page, user: Any) -> None:
    user.is_active = False
    user.save()


def take_permission(page: Page, user: Any) -> None:
    assert GroupPagePermission.objects.filter(group__user=user).delete()[0]


def damage(page: Page, user: Any) -> None:
    PagePreview.objects.update(content_json="{}")


def out_of_every_site() -> str:
    root = Page.get_first_root_node()
    page = root.add_child(instance=HomePage(title="Nowhere", slug="nowhere"))
    return previews.token_for(page)


def of_lost_parent() -> str:
    parent = factories.ContentPageFactory()
    token = previews.token_for(factories.ContentPageFactory(parent=parent))
    parent.delete()
    return token


# Why a link to a draft shows nothing.


def share_token(change: Callable[[SharedDraft], Any]) -> str:
    maker = factories.UserFactory(groups=["Editors"])
    link, token = shared(factories.ContentPageFactory(), maker)
    assert ask("/api/v2/preview/", token).status_code == 200
    change(SharedDraft.objects.get(pk=link.pk))
    return token


def expire(link: SharedDraft) -> None:
    SharedDraft.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))


def move_to_another_site(link: SharedDraft) -> None:
    link.page.move(other_site().root_page, pos="last-child")


BAD: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "any text": lambda: "::::",
    "a long text": lambda: "a:" * 5000,
    "letters that a header has differently": lambda: "tökén",
    "no signature": lambda: tokens.random_token(tokens.PREVIEW),
    "another signature": lambda: preview_token()[:-2] + "!!",
    "another salt": lambda: signing.TimestampSigner(salt="x").sign("preview_x"),
    "another key": lambda: signing.TimestampSigner(key="x", salt="headlesspreview.token").sign(
        "preview_x"
    ),
    "a signature of ours and no row": lambda: HomePage.get_preview_signer().sign(
        tokens.random_token(tokens.PREVIEW)
    ),
    "an expired preview": expired_preview,
    "after logout": after_logout,
    "after another password": after_another_password,
    "an account that was closed": lambda: preview_token(deactivate),
    "an account that is gone": lambda: preview_token(lambda page, user: user.delete()),
    "no permission any more": lambda: preview_token(take_permission),
    "a page that is gone": lambda: preview_token(lambda page, user: page.delete()),
    "a parent that is gone": of_lost_parent,
    "a damaged draft": lambda: preview_token(damage),
    "a draft outside every site": out_of_every_site,
    "an unknown link": lambda: tokens.random_token(tokens.SHARE),
    "an expired link": lambda: share_token(expire),
    "a revoked link": lambda: share_token(lambda link: revoke(link, link.made_by)),
    "a link of an account that was closed": lambda: share_token(
        lambda link: deactivate(link.page, link.made_by)
    ),
    "a link of an account that is gone": lambda: share_token(lambda link: link.made_by.delete()),
    "a link of somebody who may no longer edit": lambda: share_token(
        lambda link: take_permission(link.page, link.made_by)
    ),
    "a link to a page that is gone": lambda: share_token(lambda link: link.page.delete()),
    "a link to a page that has moved to another site": lambda: share_token(move_to_another_site),
    "a link to a site that is gone": lambda: share_token(lambda link: link.site.delete()),
}


@pytest.fixture
def refusal() -> tuple[int, dict[str, str], bytes]:
    """How a bad credential is answered, here and everywhere."""
    response = ask("/api/v2/pages/", "share_unknown")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    return whole(response)


@pytest.mark.parametrize("reason", BAD)
def test_every_bad_credential_is_answered_alike(reason: str, refusal: Any) -> None:
    token = BAD[reason]()
    assert whole(ask("/api/v2/pages/", token)) == refusal
    assert whole(ask("/api/v2/preview/", token)) == refusal


def test_every_endpoint_answers_a_bad_credential_alike(refusal: Any) -> None:
    dead = {reason: BAD[reason]() for reason in ("after logout", "a revoked link", "any text")}
    assert len(endpoints()) >= 17
    for address in endpoints():
        for reason, token in dead.items():
            assert whole(ask(address, token)) == refusal, (address, reason)
            # Nor does anything else about the request matter.
            assert whole(ask(address, token, nonsense="1")) == refusal


def test_a_bad_token_in_the_address_is_answered_alike(refusal: Any) -> None:
    """As wagtail-headless-preview puts it there; and so is one of a page of another type."""
    for reason in ("another signature", "an expired preview", "after logout", "a revoked link"):
        query = {"content_type": "cms.contentpage", "token": BAD[reason]()}
        assert whole(ask("/api/v2/preview/", **query)) == refusal, reason
    good = previews.query_for(factories.ContentPageFactory())
    other = {**good, "content_type": "insights.insightpage"}
    assert whole(ask("/api/v2/preview/", **other)) == refusal


def test_a_credential_is_good_on_its_own_site_alone(refusal: Any) -> None:
    other = other_site()
    page = factories.ContentPageFactory()
    for token in (previews.token_for(page), shared(page)[1]):
        for address in ("preview/", "pages/", "pages/find/", "site/", "programmes/", "images/"):
            query = {"html_path": "/"} if address == "pages/find/" else {}
            assert ask(f"/api/v2/{address}", token, **query).status_code == 200
            on_site = {**query, "site": "localhost"}
            assert ask(f"/api/v2/{address}", token, **on_site).status_code == 200
            elsewhere = {**query, "site": other.hostname}
            assert whole(ask(f"/api/v2/{address}", token, **elsewhere)) == refusal


def test_without_a_site_a_request_is_about_that_of_its_credential() -> None:
    other = other_site()
    page = factories.ContentPageFactory(parent=other.root_page.specific, slug="there")
    shown = ask("/api/v2/site/", previews.token_for(page)).json()
    assert shown["root_url"] == "https://other.example"


def test_a_link_shows_one_page_and_all_else_as_it_is_public() -> None:
    page, secret = (factories.ContentPageFactory(live=False) for _ in range(2))
    live = factories.ContentPageFactory(title="As published")
    live.title = "Not yet"
    live.save_revision()
    for token in (shared(page)[1],):
        assert ask("/api/v2/preview/", token).json()["id"] == page.pk
        for address in endpoints():
            if address.endswith("/preview/"):
                continue
            query = {"html_path": "/"} if address.endswith("/find/") else {}
            public, held = ask(address, **query), ask(address, token, **query)
            assert (held.status_code, held.content) == (public.status_code, public.content)
        assert ask(f"/api/v2/pages/{secret.pk}/", token).status_code == 404
        assert ask(f"/api/v2/pages/{live.pk}/", token).json()["title"] == "As published"


def test_answers_to_whoever_has_a_credential_are_kept_by_nobody() -> None:
    page = factories.ContentPageFactory()
    for token in (previews.token_for(page), shared(page)[1], "nothing"):
        for address in [*endpoints(), "/api/v2/pages/0/", "/api/v2/pages/?limit=x"]:
            response = ask(address, token)
            for name, value in credentials.HEADERS.items():
                assert response.headers[name] == value, (address, name)
    for address in endpoints():
        response = ask(address)
        assert "Authorization" in response.headers["Vary"]
        assert ("Cache-Control" in response.headers) == address.endswith(("/preview/", "/changes/"))


@pytest.mark.parametrize("header", ["Basic dXNlcjpwYXNzd29yZA==", "Token share_x", "", "share_x"])
def test_what_is_no_credential_of_ours_changes_nothing(header: str) -> None:
    public = ask("/api/v2/pages/")
    held = Client().get("/api/v2/pages/", headers={"authorization": header} if header else {})
    assert whole(held) == whole(public)


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(scheme: str) -> None:
    token = previews.token_for(factories.ContentPageFactory())
    headers = {"authorization": f"{scheme} {token}"}
    assert Client().get("/api/v2/preview/", headers=headers).status_code == 200


def test_a_preview_lasts_as_long_as_is_set(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    token = previews.token_for(factories.ContentPageFactory())
    signed_at = signing.time.time()
    for seconds, status in ((3590, 200), (3610, 401)):
        monkeypatch.setattr(signing.time, "time", lambda at=signed_at + seconds: at)
        assert ask("/api/v2/preview/", token).status_code == status
    configure(settings, PREVIEW_MAX_AGE=4000)
    assert ask("/api/v2/preview/", token).status_code == 200


def test_a_preview_of_a_new_page_asks_for_the_permission_to_add_it() -> None:
    user = factories.UserFactory(groups=["Editors"])
    index = factories.insight_index()
    page = factories.InsightPageFactory.build(parent=index, title="New", slug="new")
    page.depth, page.path = index.depth + 1, f"{index.path}0001"
    token = previews.token_for(page, user)
    assert ask("/api/v2/preview/", token).json()["title"] == "New"
    take_permission(page, user)
    assert ask("/api/v2/preview/", token).status_code == 401


def test_who_reviews_a_page_previews_it_for_as_long_as_they_may() -> None:
    """A moderator who may publish, and not edit."""
    user = factories.UserFactory(groups=["Moderators"])
    permissions = GroupPagePermission.objects.filter(group__name="Moderators")
    permissions.exclude(permission__codename="publish_page").delete()
    token = previews.token_for(factories.ContentPageFactory(), user)
    assert ask("/api/v2/preview/", token).status_code == 200
    permissions.delete()
    assert ask("/api/v2/preview/", token).status_code == 401


def test_nothing_that_fails_takes_longer_for_being_nearly_right() -> None:
    """Unknown, expired, revoked and forged: each is looked up once, and that is all."""
    reasons = (
        "any text",
        "another signature",
        "an expired preview",
        "an unknown link",
        "an expired link",
        "a revoked link",
    )
    for reason in reasons:
        token = BAD[reason]()
        with CaptureQueriesContext(connection) as queries, pytest.raises(BadCredential):
            credentials.read(token)
        assert len(queries) == 1, reason


def test_no_token_is_ever_logged(caplog: pytest.LogCaptureFixture) -> None:
    """At any level, the database's own log and what Django says of refused requests among it."""
    for name in (None, "django", "django.db.backends"):
        caplog.set_level(logging.DEBUG, logger=name)
    connection.force_debug_cursor = True
    try:
        page = factories.ContentPageFactory()
        used = [previews.token_for(page), shared(page)[1], BAD["a damaged draft"](), "preview_x"]
        for token in used:
            for address in endpoints():
                ask(address, token)
            ask("/api/v2/preview/", content_type="cms.contentpage", token=token)
            ask("/api/v2/preview/", content_type="insights.insightpage", token=token)
    finally:
        connection.force_debug_cursor = False
    logged = [record.getMessage() + str(record.__dict__) for record in caplog.records]
    assert any("Unauthorized: /api/v2/pages/" in line for line in logged)
    assert any("frontend_api_shareddraft" in line for line in logged)
    for token in used[:-1]:
        secret = token.removeprefix("preview_").removeprefix("share_")[:20]
        assert [line[:600] for line in logged if secret in line] == []


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(max_size=200)
    | st.builds("preview_{}".format, st.text(max_size=80))
    | st.builds("share_{}".format, st.text(max_size=80))
)
def test_no_text_but_a_token_is_one(refusal: Any, text: str) -> None:
    with pytest.raises(BadCredential):
        credentials.read(text)
    if text.strip() and "\x00" not in text:
        query = {"content_type": "cms.contentpage", "token": text}
        assert whole(ask("/api/v2/preview/", **query)) == refusal


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.booleans(), st.integers(0, 1000), st.sampled_from("aZ09_-:=. "))
def test_a_token_that_is_changed_anywhere_is_none(is_shared: bool, place: int, letter: str) -> None:
    page = factories.ContentPageFactory()
    token = shared(page)[1] if is_shared else previews.token_for(page)
    credentials.read(token)
    place %= len(token)
    other = letter if letter != token[place] else "x"
    with pytest.raises(BadCredential):
        credentials.read(token[:place] + other + token[place + 1 :])
    with pytest.raises(BadCredential):
        credentials.read(token[:place])
