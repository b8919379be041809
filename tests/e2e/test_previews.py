"""Previews as editors and partners have them, with the CMS and the frontend on hosts of different sites."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.conftest import PATIENCE

from .conftest import PANEL, Installation, LogIn, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

pytestmark = pytest.mark.long

A = "/programmes/identifying-victims-online/"
B = "/insight/listening-first/"
TOKEN = re.compile(r"(?:preview|share)_[\w-]{43}")
WIDTHS = {"Mobile": 375, "Tablet": 768, "Desktop": 1280}


@pytest.fixture(scope="module")
def cms_host() -> str:
    """A name of this machine that is another site than `localhost` to a browser, and still trusted without HTTPS."""
    return "cms.localhost"


@pytest.fixture(scope="module")
def keys(installation: Installation) -> dict[str, int]:
    """The ids of the pages that the tests edit, by path."""
    found = {}
    for path in (A, B):
        answer = httpx.get(api(installation, "pages/find/"), params={"html_path": path})
        found[path] = answer.json()["id"]
    return found


@pytest.fixture
def clean(chromium: "Browser") -> "Iterator[BrowserContext]":
    """The browser of somebody who has never been here, closed after the test."""
    with closing(chromium.new_context(viewport={"width": 1280, "height": 900})) as context:
        context.set_default_timeout(PATIENCE)
        yield context


def api(installation: Installation, path: str) -> str:
    """Return an address of the API by a name that Python knows too."""
    return f"{installation.cms}/api/v2/{path}".replace("cms.localhost", "localhost")


def edit(editor: "Page", installation: Installation, key: int) -> None:
    """Open a page in the editor with the preview beside it."""
    # The admin remembers which panel was open.
    if editor.url.startswith(installation.cms):
        editor.evaluate("() => localStorage.clear()")
    editor.goto(f"{installation.cms}/admin/pages/{key}/edit/")
    editor.get_by_role("button", name="Toggle preview").click()
    editor.frame_locator(PANEL).locator("h1").wait_for()
    editor.frame_locator(PANEL).locator("aside.draft").wait_for()


def preview_in_tab(editor: "Page") -> "Page":
    """Open what is in the form in a tab of its own."""
    with editor.context.expect_page() as opened:
        editor.get_by_role("link", name="Preview in new tab").click()
    opened.value.locator("aside.draft").wait_for()
    return opened.value


def tokens_of(page: "Page") -> list[str]:
    """Collect the tokens that pass through a page's addresses from now on."""
    found: list[str] = []
    page.context.on(
        "request",
        lambda request: found.extend(parse_qs(urlsplit(request.url).query).get("token", [])),
    )
    return found


class Watched:
    """What a browser asked for from now on, with whatever there is to complain of."""

    def __init__(self, context: "BrowserContext") -> None:
        self.hosts: set[str] = set()
        self.exchanges = 0
        self.complaints: list[str] = []
        context.on("request", self._see)
        context.on(
            "console",
            lambda message: (
                self.complaints.append(message.text) if "Content Security" in message.text else None
            ),
        )

    def _see(self, request: "Request") -> None:
        address = urlsplit(request.url)
        if address.scheme in {"data", "blob", "about"}:
            return
        self.hosts.add(address.netloc)
        if TOKEN.search(request.headers.get("referer", "")):
            self.complaints.append(f"a Referer with a token, at {request.url}")
        if TOKEN.search(request.url):
            self.exchanges += 1
            if not (address.path == "/preview" and "token" in parse_qs(address.query)):
                self.complaints.append(f"a token in {request.url}")


def is_preview_post(request: "Request") -> bool:
    """Tell whether Wagtail has waited long enough for more to be typed, and sends the form."""
    return request.method == "POST" and request.url.endswith("/edit/preview/")


def share_with_paula(editor: "Page", installation: Installation, key: int) -> str:
    """Make a link to what is drafted of a page, and return it."""
    editor.goto(f"{installation.cms}/admin/shared-drafts/pages/{key}/")
    editor.get_by_label("For whom").fill("Paula at INTERPOL")
    editor.get_by_role("button", name="Make the link").click()
    return editor.locator("#shared-link").input_value()


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE / 1000
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_the_panel_follows_an_editor_and_keeps_its_place(
    installation: Installation, keys: dict[str, int], log_in: LogIn, screenshots: Path
) -> None:
    editor = log_in("editor")
    seen = Watched(editor.context)
    edit(editor, installation, keys[A])
    panel = editor.frame_locator(PANEL)

    taken: list[float] = []
    posted: list[float] = []
    editor.on(
        "request",
        lambda request: posted.append(time.monotonic()) if is_preview_post(request) else None,
    )
    for number in range(3):
        write(editor, "#id_summary", f"Typed a moment ago, {number}.")
        taken.append(time.monotonic() - posted[-1])
    print(f"\nFrom the end of Wagtail's debounce to the panel: {min(taken):.2f} s at best")

    # The checks of the admin see into the other host's page.
    editor.get_by_role("button", name="Toggle checks").click()
    words = editor.locator("[data-content-word-count]")
    until(lambda: words.inner_text().replace(",", "").isdigit())
    assert int(words.inner_text().replace(",", "")) > 50
    assert editor.locator("[data-content-readability-score]").inner_text() not in {"", "-"}
    editor.screenshot(path=screenshots / "checks.png")
    editor.get_by_role("button", name="Toggle preview").click()

    for name, width in WIDTHS.items():
        editor.locator(f"input[aria-label*='{name}' i][name=preview-size]").check(force=True)
        until(
            lambda width=width: panel.locator("html").evaluate("() => window.innerWidth") == width  # type: ignore[misc]
        )
        panel.locator("#phases").scroll_into_view_if_needed()
        place = panel.locator("html").evaluate("() => window.scrollY")
        assert place > 300
        write(editor, "#id_summary", f"Typed at {width}.")
        assert abs(panel.locator("html").evaluate("() => window.scrollY") - place) < 200

    assert not seen.complaints
    assert seen.exchanges
    assert seen.hosts == {urlsplit(place).netloc for place in installation}
    (cookie, *_) = [item for item in editor.context.cookies() if item["name"].startswith("preview")]
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "None")
    assert cookie.get("partitionKey")


def test_an_editor_walks_through_drafts(
    installation: Installation, keys: dict[str, int], log_in: LogIn, screenshots: Path
) -> None:
    from playwright.sync_api import expect

    editor = log_in("editor")
    edit(editor, installation, keys[B])
    editor.fill("#id_title", "Listening first, a second time in draft")
    editor.get_by_role("button", name="Save draft").click()
    # The title stands there while it is typed, and this once the page has come back.
    editor.get_by_text("saved as a draft").first.wait_for()
    edit(editor, installation, keys[A])
    write(editor, "#id_summary", "A summary that only editors know.")
    tab = preview_in_tab(editor)
    assert tab.url == installation.frontend + A
    banner = tab.locator("aside.draft")
    for width in WIDTHS.values():
        tab.set_viewport_size({"width": width, "height": 800})
        tab.screenshot(path=screenshots / f"banner-{width}.png")
        # Nothing sticks out at the side.
        assert tab.evaluate("() => document.documentElement.scrollWidth") <= width

    # Links lead on to drafts, and from there to their editor.
    tab.goto(installation.frontend + "/insight/")
    tab.get_by_role("link", name="Listening first, a second time in draft", exact=True).click()
    tab.wait_for_url(installation.frontend + B)
    link = banner.get_by_role("link", name="Edit this page")
    assert link.get_attribute("href") == f"{installation.cms}/admin/pages/{keys[B]}/edit/"

    banner.get_by_role("link", name="Show what is published").click()
    banner.get_by_text("This is what readers see now").wait_for()
    assert "second time" not in tab.locator("h1").inner_text()
    banner.get_by_role("link", name="Show drafts").click()
    tab.get_by_role("heading", name="a second time in draft").wait_for()

    banner.get_by_role("link", name="Compare").click()
    tab.get_by_text("What differs: title.").wait_for()
    tab.frame_locator(".side--draft iframe").get_by_role("heading", name="a second time").wait_for()
    live = tab.frame_locator(".side--published iframe").locator("h1")
    assert "second time" not in live.inner_text()
    tab.screenshot(path=screenshots / "compare.png")
    tab.set_viewport_size({"width": 375, "height": 800})
    tab.get_by_label("Live now").first.check()
    expect(live).to_be_visible()
    tab.screenshot(path=screenshots / "compare-375.png")
    assert tab.evaluate("() => document.documentElement.scrollWidth") <= 375

    banner.get_by_role("link", name="Leave the preview").click()
    tab.wait_for_url(installation.frontend + B)
    expect(banner).to_have_count(0)
    assert "second time" not in tab.locator("h1").inner_text()


def test_a_partner_opens_a_link_until_it_is_revoked(
    installation: Installation,
    keys: dict[str, int],
    log_in: LogIn,
    clean: "BrowserContext",
    screenshots: Path,
) -> None:
    editor = log_in("editor")
    edit(editor, installation, keys[A])
    write(editor, "#id_summary", "For the partner to approve.")
    editor.get_by_role("button", name="Save draft").click()
    editor.get_by_text("saved as a draft").first.wait_for()
    editor.goto(f"{installation.cms}/admin/pages/{keys[A]}/edit/")
    assert editor.input_value("#id_summary").startswith("For the partner to approve.")
    link = share_with_paula(editor, installation, keys[A])
    editor.screenshot(path=screenshots / "share.png")

    seen = Watched(clean)
    partner = clean.new_page()
    partner.goto(link)
    assert partner.url == installation.frontend + A
    partner.get_by_text("For the partner to approve.").first.wait_for()
    banner = partner.locator("aside.draft")
    assert banner.get_by_role("link", name="Edit").count() == 0
    partner.screenshot(path=screenshots / "shared.png")
    # All else is as the public sees it.
    partner.goto(installation.frontend + "/programmes/")
    assert banner.count() == 0
    assert "to approve" not in partner.locator("body").inner_text()
    assert seen.hosts <= {urlsplit(place).netloc for place in installation}
    assert not seen.complaints
    assert seen.exchanges == 1

    partner.goto(installation.frontend + A)
    editor.get_by_role("button", name="Revoke the link for Paula").click()
    editor.get_by_text("does not work any more").wait_for()
    gone = partner.reload()
    assert gone
    assert gone.status == 410
    assert "Ask them for a new link" in partner.locator("main").inner_text()
    partner.screenshot(path=screenshots / "share-ended.png")
    assert not [item for item in clean.cookies() if item["name"].startswith("preview")]


def test_two_editors_at_once_see_each_their_own(
    installation: Installation, keys: dict[str, int], log_in: LogIn
) -> None:
    names = ("moderator", "administrator")
    windows = {name: log_in(name) for name in names}
    for window in windows.values():
        edit(window, installation, keys[A])
    for number in range(2):
        for name, window in windows.items():
            window.fill("#id_title", f"Typed by the {name}")
        for name, window in windows.items():
            write(window, "#id_title", f"Typed by the {name}, {number}")
        for name, window in windows.items():
            heading = window.frame_locator(PANEL).locator("h1").inner_text()
            assert heading.startswith(f"Typed by the {name}, {number}")


def test_a_stolen_token_is_worth_little(
    installation: Installation,
    keys: dict[str, int],
    log_in: LogIn,
    clean: "BrowserContext",
    screenshots: Path,
) -> None:
    owner = log_in("moderator")
    edit(owner, installation, keys[B])
    stolen = tokens_of(owner)
    write(owner, "#id_title", "Typed by its owner")
    tab = preview_in_tab(owner)
    tab.get_by_role("heading", name="Typed by its owner").wait_for()
    token = stolen[-1]
    cookies = [item for item in tab.context.cookies(tab.url) if item["name"].startswith("preview")]
    assert token not in str(tab.url) + tab.content()

    def status(path: str, **parameters: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx.get(api(installation, path), params=parameters, headers=headers, timeout=30)
        assert answer.headers["Cache-Control"] == "private, no-store"
        return answer.status_code

    def ask_with_cookies(path: str) -> httpx.Response:
        sent = "; ".join(f"{item['name']}={item['value']}" for item in cookies)
        return httpx.get(installation.frontend + path, headers={"Cookie": sent}, timeout=30)

    # It shows the page that it was made for; another page only as one that its owner may edit anyway.
    assert status("preview/") == 200
    assert status("preview/", content_type="programmes.programmepage") == 401
    assert status("preview/", site="other.example") in {401, 404}
    heading = re.compile(r"<h1[^>]*>Typed by its owner")
    assert heading.search(ask_with_cookies(B).text)
    assert not heading.search(ask_with_cookies(A).text)
    # Without the cookie there is nothing, and the address that it stands in has no token.
    reader = clean.new_page()
    reader.goto(tab.url)
    assert "Typed by its owner" not in reader.locator("main").inner_text()

    token_of_form = next(
        item["value"] for item in owner.context.cookies() if item["name"] == "csrftoken"
    )
    owner.evaluate(
        """token => fetch("/admin/logout/", {
            method: "POST", body: new URLSearchParams({csrfmiddlewaretoken: token}), redirect: "manual"
        })""",
        token_of_form,
    )
    for path in ("preview/", "pages/", "site/", f"pages/{keys[B]}/"):
        assert status(path) == 401
    for path in (B, A, "/", "/search?q=a"):
        dead = ask_with_cookies(path)
        assert dead.status_code == 410
        assert "Max-Age=0" in dead.headers["Set-Cookie"]
    tab.goto(installation.frontend + B)
    tab.get_by_role("heading", name="This preview has ended").wait_for()
    assert tab.get_by_role("link", name="Go back to the editor").get_attribute("href") == (
        f"{installation.cms}/admin/pages/{keys[B]}/edit/"
    )
    tab.screenshot(path=screenshots / "ended.png")
