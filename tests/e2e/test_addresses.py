"""Where an address leads: from what is done in the admin to what a reader's browser shows."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.conftest import PATIENCE

from .conftest import Installation, LogIn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ABOUT = "/about/"


def until(window: "Page", address: str, status: int, location: str = "") -> Any:
    """Wait until a reader gets a status at an address, where it leads to `location`, and return the answer."""
    deadline = time.monotonic() + PATIENCE / 1000
    while True:
        answer = window.request.get(address, max_redirects=0, headers={"Cookie": ""})
        found = answer.status, answer.headers.get("location", "")
        if found == (status, location):
            return answer
        assert time.monotonic() < deadline, f"{address} gives {found}"
        window.wait_for_timeout(200)


def place_of(window: "Page", cms: str, path: str) -> str:
    """Return the address in the admin of the page at a path."""
    found = window.request.get(f"{cms}/api/v2/pages/find/?html_path={path}").json()
    return f"{cms}/admin/pages/{found['id']}/"


def test_readers_are_led_from_an_old_address_and_told_of_an_end(
    installation: Installation, chromium: "Browser", log_in: LogIn, screenshots: Path
) -> None:
    cms, website = installation
    administrator, reader = log_in("administrator"), chromium.new_page()
    reader.set_default_timeout(PATIENCE)
    place = place_of(reader, cms, ABOUT)
    # The website keeps the page, and that there is none at the new address.
    until(reader, f"{website}{ABOUT}", 200)
    until(reader, f"{website}/who-we-are/", 404)

    administrator.goto(f"{place}edit/#tab-promote")
    administrator.fill("#id_slug", "who-we-are")
    administrator.get_by_role("button", name="More actions").click()
    administrator.get_by_role("button", name="Publish", exact=True).click()
    administrator.get_by_text("published").first.wait_for()
    until(reader, f"{website}{ABOUT}?from=leaflet", 301, "/who-we-are/?from=leaflet")
    reader.goto(f"{website}{ABOUT}?from=leaflet")
    assert reader.url == f"{website}/who-we-are/?from=leaflet"
    assert reader.locator("h1").inner_text() == "About"

    # Unpublished: readers are sent to another page for now.
    administrator.goto(f"{place}unpublish/")
    administrator.locator(".leaving__page").wait_for(state="hidden")
    administrator.screenshot(path=screenshots / "unpublish.png")
    administrator.get_by_label("Another page").check()
    administrator.locator(".leaving__page").get_by_role("button", name="Choose a page").click()
    chooser = administrator.locator(".modal-content")
    chooser.locator("[name=q]").fill("Programmes")
    administrator.screenshot(path=screenshots / "chooser.png")
    # There is one of this name in French, too.
    english = "[data-url$='/programmes/']:not([data-url*='/fr/'])"
    chooser.locator(f"a.choose-page{english}").first.click()
    administrator.locator(".leaving__page").get_by_text("Programmes").first.wait_for()
    administrator.screenshot(path=screenshots / "unpublish-to-page.png")
    administrator.get_by_role("button", name="Yes, unpublish it").click()
    administrator.get_by_text("unpublished").first.wait_for()
    for old in ("/who-we-are/", ABOUT):
        until(reader, f"{website}{old}", 302, "/programmes/")

    # Published again, all of its addresses are its own again.
    administrator.goto(f"{place}edit/")
    administrator.get_by_role("button", name="More actions").click()
    administrator.get_by_role("button", name="Publish", exact=True).click()
    administrator.get_by_text("published").first.wait_for()
    until(reader, f"{website}/who-we-are/", 200)
    until(reader, f"{website}{ABOUT}", 301, "/who-we-are/")

    # Deleted: it is gone for good.
    administrator.goto(f"{place}delete/")
    administrator.get_by_label("That it is gone for good").check()
    administrator.screenshot(path=screenshots / "delete.png")
    administrator.get_by_role("button", name="Yes, delete it").click()
    administrator.get_by_text("deleted").first.wait_for()
    for old in ("/who-we-are/", ABOUT):
        until(reader, f"{website}{old}", 410)
    reader.goto(f"{website}/who-we-are/")
    reader.get_by_text("gone for good").wait_for()
    reader.screenshot(path=screenshots / "gone.png")
    administrator.goto(f"{cms}/admin/former-addresses/")
    administrator.get_by_text("/who-we-are").first.wait_for()
    administrator.screenshot(path=screenshots / "former-addresses.png")
