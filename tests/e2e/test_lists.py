"""The lists of the admin in a real browser: the search within words, the bar of bulk actions, and the way back."""

from pathlib import Path
from typing import TYPE_CHECKING

from .conftest import Installation, LogIn

if TYPE_CHECKING:
    from playwright.sync_api import Page

BAR = "[data-bulk-action-footer]"


def offered(page: "Page") -> list[str]:
    """Return what the bar of bulk actions offers."""
    buttons = page.locator(f"{BAR} [data-bulk-action-button]").locator("visible=true")
    return [name.strip() for name in buttons.all_inner_texts()]


def test_an_editor_searches_within_words_and_comes_back_to_what_was_found(
    installation: Installation, log_in: LogIn, screenshots: Path
) -> None:
    editor = log_in("editor")
    editor.goto(f"{installation.cms}/admin/programmes/")
    rows = editor.locator("table.listing tbody tr")
    everything = rows.count()
    # Within the name of a partner.
    words = "nterpo"
    editor.locator("#id_q").fill(words)
    editor.wait_for_url(f"**/programmes/?q={words}")
    editor.wait_for_function(
        "count => document.querySelectorAll('table.listing tbody tr').length < count",
        arg=everything,
    )
    found = rows.locator(".title-wrapper a").first
    editor.screenshot(path=screenshots / "found.png")
    # What is published is not an editor's to delete or move, so there is nothing to select it for.
    assert editor.locator("[data-bulk-action-checkbox]").count() == 0
    assert not editor.locator("[data-bulk-action-select-all-checkbox]").first.is_visible()
    found.click()
    editor.get_by_role("button", name="More actions").click()
    editor.get_by_role("button", name="Submit to Moderators approval").click()
    editor.wait_for_url(f"{installation.cms}/admin/programmes/?q={words}")
    editor.get_by_text("submitted for moderation").first.wait_for()


def test_a_moderator_is_offered_all_that_can_be_done(
    installation: Installation, log_in: LogIn, screenshots: Path
) -> None:
    from playwright.sync_api import expect

    moderator = log_in("moderator")
    moderator.goto(f"{installation.cms}/admin/insights/")
    draft = moderator.locator("[data-bulk-action-checkbox][data-page-status=draft]").first
    draft.check()
    bar = moderator.locator(BAR)
    expect(bar.get_by_role("link", name="Unpublish")).to_be_hidden()
    assert set(offered(moderator)) == {"Move", "Delete", "Publish"}
    moderator.locator("[data-bulk-action-checkbox][data-page-status=live]").first.check()
    expect(bar.get_by_role("link", name="Unpublish")).to_be_visible()
    assert set(offered(moderator)) == {"Move", "Delete", "Publish", "Unpublish"}
    moderator.screenshot(path=screenshots / "bulk-bar.png")
    # A section with pages below it is not a moderator's to delete.
    moderator.goto(f"{installation.cms}/admin/pages/")
    moderator.locator("[data-bulk-action-checkbox][data-allowed-actions]").first.wait_for()
    for box in moderator.locator("[data-bulk-action-checkbox]").all():
        allowed = set((box.get_attribute("data-allowed-actions") or "").split())
        box.check()
        moderator.wait_for_function(
            "names => [...document.querySelectorAll("
            "'[data-bulk-action-footer] [data-bulk-action-button]')].every("
            "button => button.closest('li').hidden === !names.includes("
            "new URL(button.href).pathname.split('/').filter(Boolean).pop()))",
            arg=sorted(allowed),
        )
        box.uncheck()
