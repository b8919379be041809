"""How a page looks when found or shared, in its form, as an editor types."""

from pathlib import Path
from typing import TYPE_CHECKING

from .conftest import Installation, LogIn

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROGRAMME = "identifying-victims-online"
LONG = "A title that goes on and on, and on, until nobody who searches sees the end of it"


def promote(editor: "Page", installation: Installation, slug: str) -> None:
    """Open the promote tab of a page's form."""
    listed = editor.request.get(f"{installation.cms}/api/v2/pages/?slug={slug}").json()["items"]
    editor.goto(f"{installation.cms}/admin/pages/{listed[0]['id']}/edit/#tab-promote")
    editor.locator("body.ready").wait_for()


def test_a_page_is_shown_as_search_engines_and_friends_see_it(
    installation: Installation, log_in: LogIn, screenshots: Path
) -> None:
    from playwright.sync_api import expect

    editor = log_in("editor")
    said: list[str] = []
    editor.on("console", lambda message: said.append(message.text))
    promote(editor, installation, PROGRAMME)
    preview = editor.locator("[data-search-preview]")
    result, card = (
        preview.locator(".search-preview__result"),
        preview.locator(".search-preview__card"),
    )
    expect(result).to_contain_text("Identifying and rescuing victims of online child")
    expect(result).to_contain_text(f"{installation.frontend}/programmes/{PROGRAMME}/")
    picture = card.locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    part = editor.locator("section", has=preview).last
    part.screenshot(path=screenshots / "search-preview.png")
    editor.emulate_media(color_scheme="dark")
    editor.screenshot(path=screenshots / "search-preview-dark.png", full_page=True)
    editor.emulate_media(color_scheme="light")

    counter = editor.locator("#search-preview-title-counter")
    expect(counter).to_contain_text("Left empty, the title of the page is shown.")
    editor.fill("#id_seo_title", "Finding victims")
    for part in (result, card):
        expect(part.locator(".search-preview__title")).to_have_text("Finding victims")
    expect(counter).to_have_text("15 of about 60 characters that search engines show.")
    assert "search-preview-title-counter" in str(
        editor.get_attribute("#id_seo_title", "aria-describedby")
    )
    editor.fill("#id_seo_title", LONG)
    expect(counter).to_contain_text(f"{len(LONG)} characters: search engines show about 60")
    expect(preview.get_by_role("status")).to_contain_text("cut the rest")
    expect(result.locator(".search-preview__title")).to_contain_text("…")
    editor.fill("#id_search_description", "<b>In short</b> & to the point.")
    expect(result).to_contain_text("<b>In short</b> & to the point.")
    editor.fill("#id_slug", "another-slug")
    expect(result).to_contain_text("/programmes/another-slug/")
    editor.check("#id_hide_from_search_engines")
    expect(preview).to_contain_text("Search engines are asked not to list this page.")
    part.screenshot(path=screenshots / "search-preview-hidden.png")

    # Without anything of its own the page has what it says elsewhere in the form.
    editor.fill("#id_seo_title", "")
    editor.fill("#id_search_description", "")
    editor.get_by_role("tab", name="Content").click()
    editor.fill("#id_title", "Typed in the other tab")
    editor.fill("#id_summary", "A summary from there.")
    editor.locator("#id_image-chooser [aria-label='Actions']").click()
    editor.get_by_role("button", name="Clear choice").click()
    editor.get_by_role("tab", name="Promote").click()
    expect(result).to_contain_text("Typed in the other tab")
    expect(result).to_contain_text("A summary from there.")
    expect(picture).to_be_hidden()
    expect(card).to_contain_text("Without an image")
    assert not [text for text in said if "Content Security Policy" in text]
