"""Whoever is logged out while they type logs in again on the page that they are on, and goes on typing."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from .conftest import PANEL, Installation, LogIn, saved, until_saved, write

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.long

SUMMARY = "#id_summary"
PATH = "/insight/listening-first/"


@pytest.fixture
def window(installation: Installation, log_in: LogIn) -> "Page":
    """An editor with a page open, of which only what the test does asks the CMS for anything.

    What tells others that the page is open would, whenever it came, notice the end of the session first, and its
    dialog takes the keys that a test types.
    """
    address = f"{installation.cms}/api/v2/pages/find/"
    key = httpx.get(address, params={"html_path": PATH}).json()["id"]
    window = log_in("editor")
    window.goto(f"{installation.cms}/admin/pages/{key}/edit/")
    presence = window.locator("[data-controller~=w-session]")
    presence.evaluate("(element) => element.setAttribute('data-w-session-interval-value', 3600000)")
    return window


def log_out(window: "Page") -> None:
    """End the session as another tab does: the cookie is gone, and so is what it stood for."""
    window.evaluate(
        """() => fetch("/admin/logout/", {
            method: "POST",
            body: new URLSearchParams({csrfmiddlewaretoken: window.wagtailConfig.CSRF_TOKEN}),
            redirect: "manual",
        })"""
    )


def log_in_elsewhere(window: "Page", name: str) -> None:
    """Log in as another tab does, which changes the token that forms have to bring."""
    tab = window.context.new_page()
    tab.goto(window.url)
    tab.fill("#id_username", name)
    tab.fill("#id_password", f"{name}-demo")
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_url(window.url)
    tab.close()


def dialog(window: "Page") -> "Locator":
    """Return the dialog, once it is open."""
    found = window.get_by_role("dialog", name=re.compile("logged"))
    found.wait_for()
    return found


def test_a_save_waits_for_a_login_by_keyboard(window: "Page", screenshots: Path) -> None:
    from playwright.sync_api import expect

    log_out(window)
    window.set_viewport_size({"width": 375, "height": 700})
    window.fill(SUMMARY, "Typed without a session")
    opened = dialog(window)
    expect(opened).to_have_accessible_description(
        re.compile("What you typed is still on this page")
    )
    expect(opened.get_by_label("Username")).to_have_value("editor")
    expect(opened.get_by_label("Password")).to_be_focused()
    assert window.evaluate("() => document.documentElement.scrollWidth") <= 375
    box = opened.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 375
    window.keyboard.type("not-it")
    window.keyboard.press("Enter")
    opened.get_by_role("alert").get_by_text("didn't match").wait_for()
    window.screenshot(path=screenshots / "logged-out-375.png")
    expect(opened.get_by_label("Password")).to_be_focused()
    window.keyboard.type("editor-demo")
    window.keyboard.press("Enter")
    opened.wait_for(state="detached")
    expect(window.locator(SUMMARY)).to_be_focused()
    until_saved(window, SUMMARY, "Typed without a session")
    # What comes after is saved, and can be saved by hand, without another word.
    window.set_viewport_size({"width": 1500, "height": 950})
    window.fill(SUMMARY, "And typed on")
    until_saved(window, SUMMARY, "And typed on")
    window.get_by_role("button", name="Save draft").click()
    window.get_by_text("saved as a draft").first.wait_for()


def test_save_draft_asks_for_a_login_and_saves(window: "Page", screenshots: Path) -> None:
    window.fill(SUMMARY, "Saved by hand")
    log_out(window)
    window.get_by_role("button", name="Save draft").click()
    opened = dialog(window)
    window.screenshot(path=screenshots / "logged-out.png")
    opened.get_by_label("Password").fill("editor-demo")
    opened.get_by_role("button", name="Log in").click()
    window.get_by_text("saved as a draft").first.wait_for()
    assert saved(window, SUMMARY) == "Saved by hand"


def test_not_now_leaves_the_text_and_says_that_it_is_not_saved(window: "Page") -> None:
    log_out(window)
    window.fill(SUMMARY, "Not now")
    dialog(window)
    window.keyboard.press("Escape")
    window.get_by_text("You are logged out, so this was not saved.").first.wait_for()
    assert window.input_value(SUMMARY) == "Not now"
    window.get_by_role("button", name="Save draft").click()
    opened = dialog(window)
    opened.get_by_role("button", name="Not now").click()
    opened.wait_for(state="detached")
    button = window.get_by_role("button", name="Save draft")
    button.click()
    dialog(window).get_by_label("Password").fill("editor-demo")
    window.keyboard.press("Enter")
    window.get_by_text("saved as a draft").first.wait_for()
    assert saved(window, SUMMARY) == "Not now"


def test_a_login_in_another_tab_is_enough(window: "Page") -> None:
    # Whatever the page asks for by itself between the two brings the dialog, which then can be put aside.
    logged_out = window.get_by_role("dialog", name=re.compile("logged"))
    window.add_locator_handler(
        logged_out, lambda: logged_out.get_by_role("button", name="Not now").click()
    )
    log_out(window)
    log_in_elsewhere(window, "editor")
    window.get_by_role("button", name="Toggle preview").click()
    write(window, SUMMARY, "With the token of another login")
    until_saved(window, SUMMARY, "With the token of another login")
    assert not logged_out.count()
    log_out(window)
    log_in_elsewhere(window, "editor")
    window.get_by_role("button", name="Save draft").click()
    window.get_by_text("saved as a draft").first.wait_for()


def test_the_preview_goes_on_after_a_login(window: "Page") -> None:
    window.get_by_role("button", name="Toggle preview").click()
    window.frame_locator(PANEL).locator("h1").wait_for()
    log_out(window)
    window.fill(SUMMARY, "Previewed after the login")
    dialog(window).get_by_label("Password").fill("editor-demo")
    window.keyboard.press("Enter")
    shown = window.frame_locator(PANEL).locator("main").get_by_text("Previewed after the login")
    shown.first.wait_for(state="attached")


def test_nothing_is_saved_in_another_name_without_a_word(window: "Page", screenshots: Path) -> None:
    before = saved(window, SUMMARY)
    log_out(window)
    window.fill(SUMMARY, "Typed by the editor")
    opened = dialog(window)
    opened.get_by_label("Username").fill("moderator")
    opened.get_by_label("Password").fill("moderator-demo")
    window.keyboard.press("Enter")
    opened.get_by_text("You are logged in as Moses Adeyemi now").wait_for()
    window.screenshot(path=screenshots / "logged-in-as-somebody-else.png")
    assert saved(window, SUMMARY) == before
    opened.get_by_role("button", name="Not now").click()
    window.get_by_text("Somebody else is logged in now, so this was not saved.").first.wait_for()
    window.get_by_role("button", name="Save draft").click()
    opened = dialog(window)
    assert saved(window, SUMMARY) == before
    opened.get_by_role("button", name="Log in as Edith Torres").click()
    opened.get_by_label("Password").fill("editor-demo")
    window.keyboard.press("Enter")
    window.get_by_text("saved as a draft").first.wait_for()
    assert saved(window, SUMMARY) == "Typed by the editor"


def test_who_logged_in_elsewhere_as_somebody_else_is_asked_and_may_go_on(window: "Page") -> None:
    log_out(window)
    log_in_elsewhere(window, "moderator")
    window.fill(SUMMARY, "Typed by one, saved by another")
    opened = dialog(window)
    opened.get_by_role("button", name="Go on as Moses Adeyemi").click()
    until_saved(window, SUMMARY, "Typed by one, saved by another")


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/admin/snippets/cms/theme/add/", "#id_name"),
        ("/admin/snippets/programmes/partner/add/", "#id_name"),
        ("/admin/snippets/cms/sitesettings/edit/1/", "#id_organisation"),
    ],
    ids=["theme", "partner", "settings"],
)
def test_forms_of_every_kind_ask_for_a_login(
    installation: Installation, log_in: LogIn, address: str, field: str
) -> None:
    window = log_in("moderator")
    window.goto(installation.cms + address)
    window.fill(field, "Typed without a session")
    log_out(window)
    window.locator("[data-edit-form] button[type=submit]").locator("visible=true").last.click()
    dialog(window).get_by_label("Password").fill("moderator-demo")
    window.keyboard.press("Enter")
    window.get_by_text(re.compile("created|updated|added")).first.wait_for()


def test_who_may_not_change_a_form_cannot_go_on_with_it(
    installation: Installation, log_in: LogIn
) -> None:
    window = log_in("moderator")
    window.goto(f"{installation.cms}/admin/snippets/cms/sitesettings/edit/1/")
    window.fill("#id_organisation", "Typed by a moderator")
    log_out(window)
    window.locator("[data-edit-form] button[type=submit]").locator("visible=true").last.click()
    opened = dialog(window)
    opened.get_by_label("Username").fill("editor")
    opened.get_by_label("Password").fill("editor-demo")
    window.keyboard.press("Enter")
    opened.get_by_role("button", name="Go on as Edith Torres").click()
    opened.get_by_text("Edith Torres may not change this here.").wait_for()
    opened.get_by_role("button", name="Log in as Moses Adeyemi").click()
    opened.get_by_label("Password").fill("moderator-demo")
    window.keyboard.press("Enter")
    window.get_by_text("updated").first.wait_for()
    assert saved(window, "#id_organisation") == "Typed by a moderator"
