"""Previews in the reference frontend: what its cookies are, who sees what, and what is said when it is over."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from .conftest import SmallApi, Visitor
from .test_website import SITE, insight, page

pytestmark = pytest.mark.once

PREVIEW, SHARE = "preview_a:b:c", "share_d"
EDITOR = "http://localhost:8000/admin/pages/1/edit/"
ENDED = 401, {"status": 401, "detail": "The token does not show anything."}
CMS_ALONE = "frame-ancestors http://localhost:8000;"


@pytest.fixture(autouse=True)
def site(api: SmallApi) -> None:
    api.answers["/site/"] = 200, SITE


def draft(
    path: str = "/about/", *, live: bool = True, is_draft: bool = True, **fields: Any
) -> dict[str, Any]:
    """Return a page as the API gives it to an editor."""
    form = page(path, **{"title": "Draft", **fields})
    form["meta"]["draft"] = {"is_draft": is_draft, "live": live, "edit_url": EDITOR}
    return form


def shared(**fields: Any) -> dict[str, Any]:
    """Return a page as the API gives it to whoever has a link to its draft."""
    form = draft(**fields)
    form["meta"]["draft"]["edit_url"] = None
    return form


def enter(
    api: SmallApi, website: Visitor, shown: dict[str, Any], token: str = PREVIEW
) -> httpx.Response:
    """Open a draft by its token."""
    api.answers[f"/preview/ {token}"] = 200, shown
    return website.get("/preview", params={"content_type": "cms.contentpage", "token": token})


def cookies(response: httpx.Response) -> dict[str, str]:
    """Return the cookies that a response sets, by name."""
    found = response.headers.get_list("Set-Cookie")
    return {text.partition("=")[0]: text for text in found}


def asked(api: SmallApi) -> list[tuple[str, dict[str, str], str]]:
    """Return what the API was asked since the last time, and with which tokens."""
    found = [(*pair, token) for pair, token in zip(api.asked, api.tokens, strict=True)]
    api.asked, api.tokens = [], []
    return found


def is_private(response: httpx.Response) -> bool:
    """Tell whether nobody keeps a response, finds it, or learns its address."""
    headers = response.headers
    return (headers["Cache-Control"], headers["X-Robots-Tag"], headers["Referrer-Policy"]) == (
        "private, no-store",
        "noindex",
        "no-referrer",
    )


def test_a_token_becomes_a_cookie_and_the_address_a_clean_one(
    api: SmallApi, website: Visitor
) -> None:
    entered = enter(api, website, draft())
    assert entered.status_code == 303
    assert entered.headers["Location"] == "/about/"
    assert is_private(entered)
    assert asked(api)[-1] == ("/preview/", {"site": "testserver:80"}, PREVIEW)
    # One for the page, and one for all others.
    assert len(cookies(entered)) == 2
    for cookie in cookies(entered).values():
        assert cookie.split("; ")[1:4] == ["Max-Age=3600", "Path=/", "HttpOnly"]
    shown = website.get("/about/")
    assert "<h1>Draft</h1>" in shown.text
    assert is_private(shown)
    assert CMS_ALONE in shown.headers["Content-Security-Policy"]
    # The token is in a header of what the API is asked, and in nothing that a browser sees.
    assert PREVIEW not in shown.text + entered.text + str(shown.headers)
    assert all(PREVIEW not in str(query) for _, query, _ in asked(api))


CROSS = ["Secure", "SameSite=None", "Partitioned"]


@pytest.mark.parametrize(
    ("address", "headers", "attributes"),
    [
        # The CMS is at http://localhost:8000.
        ("http://localhost:3000", {}, ["SameSite=Lax"]),
        ("http://127.0.0.1:3000", {}, CROSS),
        ("http://[::1]:3000", {}, CROSS),
        ("http://www.localhost:3000", {}, CROSS),
        ("https://www.example.org", {}, CROSS),
        ("http://www.example.org", {"X-Forwarded-Proto": "https"}, CROSS),
        # Over plain HTTP a cookie cannot go into a frame of another site.
        ("http://www.example.org", {}, ["SameSite=Lax"]),
    ],
)
def test_cookies_go_into_the_frame_of_the_cms(
    api: SmallApi,
    website: Visitor,
    address: str,
    headers: dict[str, str],
    attributes: list[str],
) -> None:
    website.at(address)
    api.answers["/preview/"] = 200, draft()
    entered = website.get("/preview", params={"token": PREVIEW}, headers=headers)
    for cookie in cookies(entered).values():
        assert cookie.split("; ")[4:] == attributes


def test_the_site_of_this_website_is_named_always(api: SmallApi, website: Visitor) -> None:
    website.app.app.app.state.api._site = "www.example.org"
    enter(api, website, draft())
    website.get("/about/")
    assert {query["site"] for _, query, token in asked(api) if token} == {"www.example.org"}


def test_an_editor_walks_through_drafts(api: SmallApi, website: Visitor) -> None:
    enter(api, website, draft())
    api.answers["/pages/find/"] = 200, page("/about/us/", title="Public")
    api.answers[f"/pages/find/ {PREVIEW}"] = 200, draft("/about/us/", title="Another draft")
    found = {**draft(), "highlight": {"title": "Us", "excerpt": ""}}
    api.answers[f"/search/ {PREVIEW}"] = 200, {"meta": {"total_count": 1}, "items": [found]}
    api.answers[f"/site/ {PREVIEW}"] = 200, {**SITE, "organisation": "Renamed"}
    asked(api)
    shown = website.get("/about/us/").text
    assert "Another draft" in shown
    assert "Renamed" in shown
    assert f'href="{EDITOR}" target="_top">Edit this page' in shown
    assert "Readers still see what is published" in shown
    assert "1 result" in website.get("/search?q=us").text
    assert {token for path, _, token in asked(api) if path != "/site/"} == {PREVIEW}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (draft(), "Readers still see what is published"),
        (draft(live=False), "Readers do not see this page"),
        (draft(is_draft=False), "Nothing on this page waits to be published"),
        (page(), "You see drafts wherever there are some"),
    ],
)
def test_the_banner_says_what_one_sees(
    api: SmallApi, website: Visitor, form: dict[str, Any], words: str
) -> None:
    enter(api, website, form)
    assert words in website.get("/about/").text


def test_an_editor_switches_between_drafts_and_what_is_published(
    api: SmallApi, website: Visitor
) -> None:
    """The page has another path in its draft."""
    enter(api, website, draft("/new/"))
    api.answers["/pages/1/"] = 200, page("/old/", title="Public")
    api.answers["/pages/find/?/old/"] = 200, page("/old/", title="Public")
    api.answers[f"/pages/find/ {PREVIEW}"] = 404, {}
    api.answers[f"/pages/1/ {PREVIEW}"] = 200, draft("/new/")
    switched = website.get("/preview/show?as=published&path=/new/")
    assert switched.headers["Location"] == "/old/"
    shown = website.get("/old/")
    assert "Public" in shown.text
    assert "This is what readers see now" in shown.text
    assert is_private(shown)
    # A page that is not published says so, and leads back.
    missing = website.get("/new/")
    assert missing.status_code == 404
    assert "Not published" in missing.text
    back = website.get("/preview/show?path=/old/")
    assert back.headers["Location"] == "/new/"
    assert "<h1>Draft</h1>" in website.get("/new/").text


def test_another_preview_shows_drafts_again(api: SmallApi, website: Visitor) -> None:
    enter(api, website, draft())
    website.get("/preview/show?as=published&path=/about/")
    enter(api, website, draft())
    assert "<h1>Draft</h1>" in website.get("/about/").text


def test_a_share_shows_its_page_alone(api: SmallApi, website: Visitor) -> None:
    entered = enter(api, website, shared(), SHARE)
    (cookie,) = cookies(entered).values()
    # It ends with the browser, and lasts no shorter than the link.
    assert "Max-Age" not in cookie
    asked(api)
    shown = website.get("/about/")
    assert "A draft, for you to read." in shown.text
    assert "The public still sees the page as it was." in shown.text
    # Nothing here leads somebody without an account into the CMS.
    assert "/admin/" not in shown.text
    assert [token for _, _, token in asked(api) if token] == [SHARE]
    api.answers["/pages/find/"] = 200, page("/about/us/")
    other = website.get("/about/us/")
    assert "<aside" not in other.text
    assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]
    assert not any(token for _, _, token in asked(api))


def test_a_share_switches_too(api: SmallApi, website: Visitor) -> None:
    enter(api, website, shared(), SHARE)
    api.answers["/pages/1/"] = 200, page(title="Public")
    website.get("/preview/show?as=published&path=/about/")
    shown = website.get("/about/").text
    assert "What is public now." in shown
    assert "<h1>Public</h1>" in shown


def test_a_share_switches_to_the_same_page_at_another_address(
    api: SmallApi, website: Visitor
) -> None:
    enter(api, website, shared(path="/other/"), SHARE)
    api.answers["/pages/find/"] = 404, {"status": 404, "detail": "There is no such page."}
    api.answers["/pages/1/"] = 200, page("/about/", title="Public")
    switched = website.get("/preview/show?as=published&path=/other/")
    assert switched.headers["Location"] == "/other/"
    shown = website.get("/other/").text
    assert "What is public now." in shown
    assert "<h1>Public</h1>" in shown


def test_what_is_live_stands_beside_the_draft(api: SmallApi, website: Visitor) -> None:
    enter(api, website, draft(summary="New"))
    api.answers["/pages/1/"] = 200, page(title="Public")
    shown = website.get("/preview/compare?path=/about/")
    assert "What differs: title, summary." in shown.text
    assert "frame-src 'self'" in shown.headers["Content-Security-Policy"]
    assert is_private(shown)
    for side, title in (("published", "Public"), ("draft", "Draft")):
        framed = website.get(f"/preview/side?as={side}&path=/about/")
        assert f"<h1>{title}</h1>" in framed.text
        assert '<base target="_top">' in framed.text
        assert "<aside" not in framed.text
        assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
        assert is_private(framed)


def test_what_was_never_published_has_nothing_beside_it(api: SmallApi, website: Visitor) -> None:
    enter(api, website, draft(live=False))
    assert "nothing to compare" in website.get("/preview/compare?path=/about/").text
    assert website.get("/preview/side?as=published&path=/about/").status_code == 404


def test_a_comparison_takes_a_preview(website: Visitor) -> None:
    for path in ("/preview/compare?path=/about/", "/preview/side?as=draft&path=/about/"):
        response = website.get(path)
        assert response.status_code == 410
        assert is_private(response)


def test_differences_are_those_that_somebody_sees() -> None:
    from website.differences import differences

    image = {"id": 1, "alt": "A", "focal_point": None, "sources": [], "placeholder": None}
    made = {**image, "sources": [{"type": "image/avif"}], "placeholder": "data:"}
    live, changed = page(image=image), page(image=made, body=[{"type": "image", "value": image}])
    changed["meta"]["slug"] = "other"
    changed["meta"]["last_published_at"] = None
    assert differences(live, changed) == ["body", "address"]
    assert differences(live, page(image=made)) == []
    # What the editor adds to a text that nobody has changed.
    texts = [("<p>T</p>", None), ('<p data-block-key="a1">T</p>', "b")]
    before, after = (page(body=[{"type": "text", "value": text, "id": key}]) for text, key in texts)
    assert differences(before, after) == []


def test_the_user_bar_is_let_in_where_there_may_be_a_frame(api: SmallApi, website: Visitor) -> None:
    enter(api, website, draft())
    for headers, framed in (
        ({"Sec-Fetch-Dest": "iframe"}, True),
        ({"Sec-Fetch-Dest": "document"}, False),
        ({}, True),
    ):
        response = website.get("/about/", headers=headers)
        said = response.headers["Content-Security-Policy"]
        assert ("/static/preview.js" in response.text) is framed
        for kind in ("connect", "script", "style"):
            assert (f"{kind}-src 'self' http://localhost:8000" in said) is framed
        assert "unsafe" not in said


def test_a_path_of_other_letters_is_previewed(api: SmallApi, website: Visitor) -> None:
    assert enter(api, website, draft("/zürich/")).headers["Location"] == quote("/zürich/")
    assert "<h1>Draft</h1>" in website.get("/zürich/").text


def test_several_drafts_are_open_at_once(api: SmallApi, website: Visitor) -> None:
    for number in range(12):
        shown = draft(f"/{number}/", title=f"Draft {number}")
        enter(api, website, shown, f"preview_{number}")
    assert "Draft 11" in website.get("/11/").text
    assert "Draft 5" in website.get("/5/").text
    # Browsers have room for some cookies only.
    assert len(website.client.cookies) == 11


def test_a_preview_follows_a_changed_slug(api: SmallApi, website: Visitor) -> None:
    enter(api, website, draft())
    api.answers[f"/preview/ {PREVIEW}"] = 200, draft("/other/")
    response = website.get("/about/")
    assert response.status_code == 303
    assert response.headers["Location"] == "/other/"
    assert "<h1>Draft</h1>" in website.get("/other/").text


def test_a_preview_that_has_ended_says_so_and_is_forgotten(api: SmallApi, website: Visitor) -> None:
    enter(api, website, draft())
    enter(api, website, draft("/other/"), "preview_x")
    for path in ("/preview/", "/pages/find/"):
        api.answers[f"{path} {PREVIEW}"] = api.answers[f"{path} preview_x"] = ENDED
    response = website.get("/about/")
    assert response.status_code == 410
    assert "This preview has ended" in response.text
    # It leads back to where the page is edited, out of the frame.
    assert f'href="{EDITOR}" target="_top"' in response.text
    assert is_private(response)
    assert CMS_ALONE in response.headers["Content-Security-Policy"]
    assert not website.client.cookies
    api.answers["/pages/find/"] = 200, page(title="Public")
    assert "Public" in website.get("/about/").text


@pytest.mark.parametrize(
    "path",
    ["/elsewhere/", "/search?q=a", "/preview/compare?path=/about/", "/preview/side?path=/about/"],
)
def test_a_preview_ends_wherever_one_is(api: SmallApi, website: Visitor, path: str) -> None:
    enter(api, website, draft())
    for known in ("/preview/", "/pages/find/", "/search/", "/site/"):
        api.answers[f"{known} {PREVIEW}"] = ENDED
    response = website.get(path)
    assert response.status_code == 410
    assert not website.client.cookies


def test_a_preview_ends_where_what_is_published_is_shown(api: SmallApi, website: Visitor) -> None:
    enter(api, website, draft())
    website.get("/preview/show?as=published&path=/about/")
    api.answers["/pages/find/"] = 200, page()
    api.answers[f"/preview/ {PREVIEW}"] = ENDED
    assert website.get("/about/").status_code == 410


def test_a_share_that_has_ended_speaks_to_whoever_has_no_account(
    api: SmallApi, website: Visitor
) -> None:
    enter(api, website, shared(), SHARE)
    api.answers[f"/preview/ {SHARE}"] = ENDED
    again = website.get("/about/")
    anew = website.get("/preview", params={"token": SHARE})
    for response in (again, anew):
        assert response.status_code == 410
        assert "Ask them for a new link" in response.text
        assert "/admin/" not in response.text
    assert not website.client.cookies


@pytest.mark.parametrize("token", ["preview_x", "x", "a b", "ü", "x\n", "x" * 300])
def test_a_token_that_shows_nothing_says_what_to_do(
    api: SmallApi, website: Visitor, token: str
) -> None:
    api.answers["/preview/"] = ENDED
    response = website.get("/preview", params={"token": token})
    assert response.status_code == 410
    assert "open the preview again" in response.text
    assert is_private(response)
    assert not cookies(response)


def test_a_link_that_is_not_complete_says_so(website: Visitor) -> None:
    response = website.get("/preview?content_type=cms.contentpage")
    assert response.status_code == 400
    assert "This link is not complete" in response.text


def test_a_draft_outlives_a_cms_that_is_away(api: SmallApi, website: Visitor) -> None:
    enter(api, website, draft())
    api.answers[f"/preview/ {PREVIEW}"] = 500, {}
    response = website.get("/about/")
    assert response.status_code == 503
    assert "The website does not reach the CMS" in response.text
    assert is_private(response)
    assert CMS_ALONE in response.headers["Content-Security-Policy"]
    assert website.client.cookies


def test_a_cookie_sends_nobody_elsewhere(api: SmallApi, website: Visitor) -> None:
    shown = draft()
    shown["meta"]["draft"]["edit_url"] = "http://localhost:8000.evil.example/"
    enter(api, website, shown)
    api.answers[f"/preview/ {PREVIEW}"] = ENDED
    text = website.get("/about/").text
    assert "evil" not in text
    assert 'href="http://localhost:8000/admin/"' in text


def test_a_draft_is_never_kept(api: SmallApi, website: Visitor) -> None:
    """Nor does what is kept of public answers come into a preview."""
    fresh = {"ETag": '"x"', "Cache-Control": "public, s-maxage=60", "Cache-Tag": "all"}
    api.headers = dict.fromkeys(["/preview/", "/pages/find/", "/site/"], fresh)
    api.answers["/pages/find/"] = 200, page(title="Public")
    website.get("/about/us/")
    for title in ("Draft", "Later draft"):
        enter(api, website, draft(title=title))
        api.answers[f"/pages/find/ {PREVIEW}"] = 200, draft("/about/us/", title=title)
        assert title in website.get("/about/").text
        assert title in website.get("/about/us/").text
    website.get("/preview/leave?path=/about/us/")
    asked(api)
    assert "Public" in website.get("/about/us/").text
    assert not asked(api)


def test_an_external_insight_in_preview_says_where_it_leads(
    api: SmallApi, website: Visitor
) -> None:
    enter(api, website, insight())
    assert "Readers who follow this teaser go to" in website.get("/insight/x/").text


def test_leaving_a_preview_makes_a_reader_again(api: SmallApi, website: Visitor) -> None:
    enter(api, website, draft())
    enter(api, website, shared(path="/other/"), SHARE)
    response = website.get("/preview/leave?path=/about/")
    assert response.headers["Location"] == "/about/"
    assert not website.client.cookies
    api.answers["/pages/find/"] = 200, page()
    assert "<aside" not in website.get("/about/").text


@pytest.mark.parametrize("way", ["leave", "show"])
@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:x",
        "/\t/evil",
        "",
        "/a?b",
    ],
)
def test_no_way_leads_off_this_website(website: Visitor, way: str, path: str) -> None:
    assert website.get(f"/preview/{way}", params={"path": path}).headers["Location"] == "/"
