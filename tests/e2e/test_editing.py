"""From the editor's keyboard to the reader's screen, in a real browser."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .conftest import PANEL, Installation, LogIn, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROGRAMME = "Identifying and rescuing victims of online child sexual exploitation"
PATH = "/programmes/identifying-victims-online/"


def text_at(browser: "Browser", address: str) -> str:
    """Return what a reader who knows nothing of the editor sees at an address."""
    context = browser.new_context()
    page = context.new_page()
    response = page.goto(address)
    assert response
    assert response.status == 200
    text = page.locator("body").inner_text()
    context.close()
    return text


def test_a_change_is_previewed_submitted_published_and_read(
    installation: Installation, chromium: "Browser", log_in: LogIn, screenshots: Path
) -> None:
    summary = "Changed by an editor a moment ago."
    address = installation.frontend + PATH
    assert summary not in text_at(chromium, address)

    editor = log_in("editor")
    hosts: set[str] = set()
    editor.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    editor.goto(f"{installation.cms}/admin/")
    editor.get_by_role("link", name="Programmes", exact=True).click()
    editor.get_by_role("link", name=PROGRAMME).first.wait_for()
    editor.screenshot(path=screenshots / "programmes.png")
    editor.get_by_role("link", name=PROGRAMME).first.click()
    editor.get_by_role("button", name="Toggle preview").click()
    preview = editor.frame_locator(PANEL)
    preview.get_by_text("Readers still see what is published.").wait_for()
    preview.locator("#phases").scroll_into_view_if_needed()
    place = preview.locator("html").evaluate("() => window.scrollY")
    write(editor, "#id_summary", summary)
    # The panel keeps its place: what the editor looks at does not jump away with each word.
    assert place > 500
    assert abs(preview.locator("html").evaluate("() => window.scrollY") - place) < 200
    preview.get_by_text("Readers still see what is published.").scroll_into_view_if_needed()
    editor.screenshot(path=screenshots / "preview.png")
    # Whatever the editor sees, readers see nothing of it.
    assert summary not in text_at(chromium, address)

    editor.get_by_role("button", name="More actions").click()
    editor.get_by_role("button", name="Submit to Moderators approval").click()
    editor.get_by_text("submitted for moderation").first.wait_for()
    assert summary not in text_at(chromium, address)
    # Nothing in the admin or the preview comes from anywhere else.
    assert hosts <= {urlsplit(place).netloc for place in installation} | {""}

    moderator = log_in("moderator")
    moderator.goto(f"{installation.cms}/admin/")
    moderator.screenshot(path=screenshots / "moderation.png")
    moderator.get_by_role("link", name=PROGRAMME).first.click()
    moderator.get_by_role("button", name="More actions").click()
    moderator.get_by_role("button", name="Approve and Publish", exact=True).click()
    moderator.wait_for_url(lambda url: not url.endswith("/edit/"))

    assert summary in text_at(chromium, address)
    reader = chromium.new_page(viewport={"width": 1280, "height": 900})
    reader.goto(address)
    reader.screenshot(path=screenshots / "programme.png")
    reader.close()


def test_a_page_that_was_never_saved_is_previewed_in_a_new_tab(
    installation: Installation, log_in: LogIn
) -> None:
    from playwright.sync_api import expect

    editor = log_in("editor")
    editor.goto(f"{installation.cms}/admin/insights/choose_parent/")
    editor.locator("#id_title").press_sequentially("Never saved")
    expect(editor.locator("#id_slug")).to_have_value("never-saved")
    editor.get_by_role("button", name="Toggle preview").click()
    with editor.context.expect_page() as opened:
        editor.get_by_role("link", name="Preview in new tab").click()
    tab = opened.value
    tab.get_by_role("heading", name="Never saved").wait_for()
    # The token has left the address, and the address is the page's own.
    assert tab.url == f"{installation.frontend}/insight/never-saved/"
    kept = [item for item in tab.context.cookies(tab.url) if item["name"].startswith("preview")]
    assert len(kept) == 2
    for cookie in kept:
        # CMS and frontend are one site here, so that nothing has to go from one into another.
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        assert not cookie["secure"]


def test_view_live_opens_the_frontend(installation: Installation, log_in: LogIn) -> None:
    editor = log_in("editor")
    editor.goto(f"{installation.cms}/admin/")
    editor.get_by_role("link", name="Programmes", exact=True).click()
    editor.get_by_role("link", name=PROGRAMME).first.click()
    with editor.context.expect_page() as opened:
        editor.get_by_role("link", name="Live").first.click()
    opened.value.wait_for_url(installation.frontend + PATH)


def test_an_error_of_the_editor_stands_beside_its_field(
    installation: Installation, log_in: LogIn, screenshots: Path
) -> None:
    editor = log_in("editor")
    editor.goto(f"{installation.cms}/admin/")
    editor.get_by_role("link", name="Programmes", exact=True).click()
    editor.get_by_role("link", name="Model laws").first.click()
    editor.fill("#id_end_year", "1999")
    editor.get_by_role("button", name="More actions").click()
    editor.get_by_role("button", name="Submit to Moderators approval").click()
    error = editor.locator("#panel-child-content-period-section, [data-panel]").get_by_text(
        "The last year is before the first."
    )
    error.first.wait_for()
    assert editor.input_value("#id_end_year") == "1999"
    editor.screenshot(path=screenshots / "error.png")
