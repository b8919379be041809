"""A new programme with three teasers that are made from within it, until readers see them."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories import png

from .conftest import Installation, LogIn
from .news import NEWS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.long

ARTICLE = f"http://{NEWS}/found"
HTML = """<!DOCTYPE html><html><head><title>No title</title>
<meta property="og:title" content="How children are found"><meta property="og:site_name" content="The News">
<meta property="og:description" content="What investigators see every day.">
<meta property="og:image" content="/one.png"><meta property="og:image:alt" content="A desk with two screens">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", "datePublished": "2024-03-05"}</script>
</head><body><p>Text</p></body></html>"""


class News(http.server.BaseHTTPRequestHandler):
    """A website of somebody else."""

    def do_GET(self) -> None:
        """Send the article or its picture."""
        is_picture = self.path == "/one.png"
        body = png(640, 420) if is_picture else HTML.encode()
        self.send_response(200)
        self.send_header("Content-Type", "image/png" if is_picture else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def more_environment() -> Iterator[dict[str, str]]:
    """Have the CMS find that website."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), News) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {
            "DJANGO_SETTINGS_MODULE": "tests.e2e.settings_with_internet",
            "NEWS_PORT": str(server.server_address[1]),
        }
        server.shutdown()


def new_insight(editor: "Page") -> Any:
    """Open the window of related insights, and return its form for a new one."""
    editor.locator("#id_related_insights-OPEN_MODAL").click()
    # Once it has come in, a window takes the focus away from whatever had it: keys would go astray.
    editor.locator(".modal:focus-within").wait_for()
    editor.locator(".modal").get_by_role("tab", name="New insight").click()
    form = editor.locator("form[data-chooser-modal-creation-form]")
    form.wait_for()
    return form


def choose(form: Any, editor: "Page", title: str) -> None:
    """Save what is in the form, and wait until it is chosen."""
    form.get_by_role("button", name="Save as a draft and choose").click()
    form.wait_for(state="detached")
    editor.locator("#id_related_insights-FORMS").get_by_text(title).wait_for()


def teaser(editor: "Page", title: str) -> None:
    """Make a teaser from what one types."""
    form = new_insight(editor)
    form.locator("[name=new-insight-title]").fill(title)
    form.locator("[name=new-insight-external_url]").fill(f"https://www.example.org/{title[-1]}")
    choose(form, editor, title)


@pytest.mark.parametrize("size", [(1500, 950), (375, 812)], ids=["desk", "phone"])
def test_a_programme_with_teasers_made_from_within_it(
    installation: Installation,
    chromium: "Browser",
    log_in: LogIn,
    screenshots: Path,
    size: tuple[int, int],
) -> None:
    from playwright.sync_api import expect

    device = "phone" if size[0] < 1000 else "desk"
    title = f"Made on a {device}"
    editor = log_in("editor")
    editor.set_viewport_size({"width": size[0], "height": size[1]})
    errors: list[str] = []
    editor.on("pageerror", lambda error: errors.append(str(error)))
    editor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    editor.goto(f"{installation.cms}/admin/programmes/choose_parent/")
    editor.locator("#id_title").press_sequentially(title)
    editor.fill("#id_start_year", "2020")

    form = new_insight(editor)
    editor.evaluate("text => navigator.clipboard.writeText(text)", ARTICLE)
    form.locator("[name=new-insight-external_url]").focus()
    editor.keyboard.press("Control+V")
    expect(form.locator("[name=new-insight-external_url]")).to_have_value(ARTICLE)
    expect(form.locator("[name=new-insight-title]")).to_have_value("How children are found")
    expect(form.locator("[name=new-insight-source]")).to_have_value("The News")
    expect(form.locator("[name=new-insight-published_on]")).to_have_value("2024-03-05")
    form.locator("[data-fetched-picture]").wait_for()
    form.locator("[name=new-insight-summary]").fill("What investigators see, and how they go on.")
    editor.screenshot(path=screenshots / f"new-insight-{device}.png")
    choose(form, editor, "How children are found")
    for other in (f"First on {device} 1", f"Second on {device} 2"):
        teaser(editor, other)

    # It is said as soon as the CMS has saved by itself.
    notice = editor.locator("#chosen-notice")
    expect(notice).to_contain_text("3 chosen insights are not published", timeout=60_000)
    notice.scroll_into_view_if_needed()
    editor.screenshot(path=screenshots / f"chosen-notice-{device}.png")

    editor.locator("#id_related_insights-OPEN_MODAL").click()
    window = editor.locator(".modal #search-results")
    row = window.get_by_role("row").filter(has_text="How children are found").first
    expect(row).to_contain_text("The News")
    expect(row).to_contain_text("draft")
    editor.screenshot(path=screenshots / f"choose-insight-{device}.png")
    editor.locator(".modal").get_by_role("button", name="Close").click()

    editor.get_by_role("button", name="More actions").click()
    editor.get_by_role("button", name="Submit to Moderators approval").click()
    editor.get_by_role("heading", name="3 chosen insights are not published").wait_for()
    editor.screenshot(path=screenshots / f"publish-with-{device}.png")
    editor.get_by_role("button", name="Go back").click()
    editor.locator("#id_title").wait_for()
    assert editor.input_value("#id_title") == title
    editor.get_by_role("button", name="More actions").click()
    editor.get_by_role("button", name="Submit to Moderators approval").click()
    editor.get_by_role("button", name="Submit them too").click()
    editor.get_by_text("submitted for moderation").first.wait_for()

    moderator = log_in("moderator")
    moderator.goto(f"{installation.cms}/admin/")
    moderator.get_by_role("link", name=title).first.click()
    moderator.get_by_role("button", name="More actions").click()
    moderator.get_by_role("button", name="Approve and Publish", exact=True).click()
    moderator.get_by_role("heading", name="3 chosen insights are not published").wait_for()
    moderator.get_by_role("button", name="Publish them too").click()
    moderator.wait_for_url(lambda url: not url.endswith("/edit/"))

    reader = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    response = reader.goto(f"{installation.frontend}/programmes/made-on-a-{device}/")
    assert response
    assert response.status == 200
    cards = reader.locator("section.tinted .card")
    expect(cards).to_have_count(3)
    expect(cards.first).to_contain_text("What investigators see, and how they go on.")
    expect(cards.first.get_by_role("link", name="Read more at The News")).to_have_attribute(
        "href", ARTICLE
    )
    reader.get_by_role("link", name="All insight").scroll_into_view_if_needed()
    reader.screenshot(path=screenshots / f"teasers-{device}.png", full_page=True)
    reader.get_by_role("link", name="All insight").click()
    reader.wait_for_url(f"{installation.frontend}/insight/")
    reader.close()
    assert not errors
