"""Menus with levels, two languages, and the settings of a site previewed before readers see them, in a browser."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import PANEL, Installation, LogIn
from .narrow import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = "() => axe.run(document, { resultTypes: ['violations'] })"
DESK = {"width": 1300, "height": 900}
FRENCH = (
    "/fr/",
    "/fr/programmes/",
    "/fr/programmes/identifier-les-victimes-en-ligne/",
    "/fr/search?q=enfants",
)


@pytest.fixture
def reader(chromium: Any) -> "Iterator[Page]":
    """A reader of the website, who runs no scripts."""
    with closing(chromium.new_context(viewport=DESK, java_script_enabled=False)) as context:
        yield context.new_page()


@pytest.fixture
def watched(chromium: Any) -> "Iterator[Page]":
    """A window in which axe can run."""
    with closing(chromium.new_context(viewport=DESK)) as context:
        yield context.new_page()


def test_a_menu_opens_without_scripts_by_mouse_and_by_keys(
    installation: Installation, reader: "Page", screenshots: Path
) -> None:
    reader.goto(installation.frontend)
    menu = reader.get_by_role("navigation", name="Main")
    below = menu.get_by_role("link", name="Identifying victims")
    assert not below.is_visible()
    menu.get_by_text("More under Programmes").locator("..").click()
    below.wait_for()
    reader.screenshot(path=screenshots / "menu-open.png")
    menu.locator("summary").focus()
    reader.keyboard.press("Enter")
    below.wait_for(state="hidden")
    reader.keyboard.press("Enter")
    below.click()
    reader.wait_for_url("**/programmes/identifying-victims-online/")
    assert reader.locator(".main-menu [aria-current=page]").count() == 1
    reader.get_by_role("navigation", name="More on this website").get_by_text("INTERPOL").wait_for()


def test_one_changes_the_language_and_stays_at_the_page(
    installation: Installation, reader: "Page", screenshots: Path
) -> None:
    reader.goto(f"{installation.frontend}/programmes/identifying-victims-online/")
    reader.get_by_role("navigation", name="Language").get_by_role("link", name="Français").click()
    reader.wait_for_url("**/fr/programmes/identifier-les-victimes-en-ligne/")
    assert reader.locator("html").get_attribute("lang") == "fr"
    reader.screenshot(path=screenshots / "french-programme.png", full_page=True)
    reader.get_by_role("navigation", name="Principal").get_by_role(
        "link", name="Programmes"
    ).click()
    reader.wait_for_url("**/fr/programmes/")
    # What is in English alone is not in the French list.
    reader.get_by_text("2 programmes").wait_for()
    reader.screenshot(path=screenshots / "french-programmes.png", full_page=True)
    reader.goto(f"{installation.frontend}/fr/nulle-part/")
    reader.get_by_role("heading", name="Page introuvable").wait_for()


def test_the_menu_is_readable_on_a_phone(
    installation: Installation, reader: "Page", screenshots: Path
) -> None:
    reader.set_viewport_size(PHONE)
    reader.goto(f"{installation.frontend}/fr/")
    menu = reader.get_by_role("navigation", name="Principal")
    opener = menu.locator("summary")
    box = opener.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    opener.click()
    menu.get_by_role("link", name="Prévention").wait_for()
    reader.screenshot(path=screenshots / "french-phone.png")
    root = reader.locator("html").bounding_box()
    assert root
    assert root["width"] <= PHONE["width"]


def test_pages_with_menus_in_two_languages_are_accessible(
    installation: Installation, watched: "Page"
) -> None:
    watched.goto(f"{installation.cms}/admin/login/")
    watched.locator("body.ready").wait_for()
    # Wagtail's bundle has put names of its own into it.
    source = "var t = {}, e = { exports: {} }, a; " + watched.evaluate("() => axe.source")
    wrong = {}
    for path in ("/", *FRENCH):
        for size in (DESK, PHONE):
            watched.set_viewport_size(size)
            watched.goto(installation.frontend + path)
            watched.locator("summary").first.click()
            watched.evaluate(source)
            violations = watched.evaluate(AXE)["violations"]
            if violations:
                wrong[path] = [(one["id"], one["nodes"][0]["html"][:200]) for one in violations]
    assert not wrong


def test_a_menu_is_previewed_and_published_not_replaced_live(
    installation: Installation, log_in: LogIn, reader: "Page", screenshots: Path
) -> None:
    moderator = log_in("moderator")
    moderator.goto(f"{installation.cms}/admin/")
    moderator.get_by_role("button", name="Settings").click()
    moderator.get_by_role("link", name="Site settings").click()
    moderator.get_by_role("link", name="HDF (English)").first.click()
    moderator.locator("#id_organisation").wait_for()
    moderator.fill("#id_organisation", "Typed, not published")
    moderator.screenshot(path=screenshots / "site-settings.png", full_page=True)
    moderator.get_by_role("button", name="Toggle preview").click()
    inside = moderator.frame_locator(PANEL)
    inside.locator(".brand", has_text="Typed, not published").wait_for()
    moderator.screenshot(path=screenshots / "site-settings-preview.png")
    moderator.get_by_role("button", name="Save draft").click()
    moderator.get_by_text("updated").first.wait_for()
    reader.goto(installation.frontend)
    assert reader.locator(".brand").inner_text() == "HDF"
    moderator.get_by_role("button", name="More actions").last.click()
    moderator.get_by_role("button", name="Publish").click()
    moderator.get_by_text("published").first.wait_for()
    for _ in range(50):
        reader.goto(installation.frontend)
        if reader.locator(".brand").inner_text() != "HDF":
            break
        reader.wait_for_timeout(200)
    assert reader.locator(".brand").inner_text() == "Typed, not published"
