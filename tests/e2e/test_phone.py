"""Forms of the admin at a phone's width; `test_accessibility` walks through all of its pages."""

from typing import TYPE_CHECKING

import pytest

from .conftest import Installation, LogIn
from .narrow import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def phone(log_in: LogIn) -> "Page":
    """The admin on an administrator's phone."""
    page = log_in("administrator")
    page.set_viewport_size(PHONE)
    return page


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
