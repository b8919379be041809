"""The admin at a phone's width: text is readable, nothing is out of sight."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .admin_pages import pages_of
from .conftest import Installation, LogIn

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = {"width": 375, "height": 812}
READABLE = 120
# Wider than the screen, unless it is in something that one scrolls; and text in a column that is too narrow for words.
MEASURE = """
(readable) => {
    const main = document.querySelector("main");
    const width = document.documentElement.clientWidth;
    const shown = (element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && box.height > 1 && getComputedStyle(element).visibility !== "hidden"
            && !element.closest(".w-sr-only, [hidden], .w-field__comment-button");
    };
    const scrolls = (element) => {
        for (let one = element; one && one !== main; one = one.parentElement) {
            if (["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX)) return true;
        }
        return false;
    };
    const name = (element) => `${element.localName}.${element.className} ${element.textContent.trim().slice(0, 40)}`;
    const outside = [...main.querySelectorAll("*")].filter(
        (element) => shown(element) && element.getBoundingClientRect().right > width + 1 && !scrolls(element),
    );
    const narrow = [...main.querySelectorAll("td, th, p, label, h1, dd, li")].filter((element) => {
        const words = [...element.childNodes].map((node) => node.textContent.trim()).join(" ");
        return shown(element) && words.length > 40 && element.getBoundingClientRect().width < readable
            && !element.closest("nav, header, .w-status") && element.innerText.trim().length > 40;
    });
    return { page: document.documentElement.scrollWidth - width, outside: outside.map(name), narrow: narrow.map(name) };
}
"""


@pytest.fixture
def phone(log_in: LogIn) -> "Page":
    """The admin on an administrator's phone."""
    page = log_in("administrator")
    page.set_viewport_size(PHONE)
    return page


def test_every_page_of_the_admin_is_readable_on_a_phone(
    phone: "Page", installation: Installation, screenshots: Path
) -> None:
    wrong = {}
    for address in pages_of(phone, installation.cms):
        phone.goto(address)
        phone.locator("main").first.wait_for()
        found = phone.evaluate(MEASURE, READABLE)
        if found != {"page": 0, "outside": [], "narrow": []}:
            wrong[address.removeprefix(installation.cms)] = found
    assert not wrong


def test_a_long_title_is_seen_whole_and_stays_one_line(
    phone: "Page", installation: Installation
) -> None:
    from playwright.sync_api import expect

    title = "Identifying and rescuing the victims of sexual exploitation of children online, " * 2
    phone.goto(f"{installation.cms}/admin/pages/add/cms/contentpage/2/")
    field = phone.locator("#id_title")
    field.fill(title.strip())
    expect(field).to_have_js_property("scrollLeft", 0)
    hidden = "(field) => Math.max(field.scrollHeight - field.clientHeight, field.scrollWidth - field.clientWidth)"
    phone.wait_for_function(f"() => ({hidden})(document.querySelector('#id_title')) <= 1")
    assert field.evaluate("(field) => field.clientHeight") > 100


def test_an_empty_body_says_what_to_do(phone: "Page", installation: Installation) -> None:
    for path in ("cms/contentpage/2", "programmes/programmepage/3"):
        phone.goto(f"{installation.cms}/admin/pages/add/{path}/")
        body = phone.locator("#panel-child-content-body-content")
        body.get_by_text("Choose the plus sign to add one").wait_for()
