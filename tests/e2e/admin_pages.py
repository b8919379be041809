"""Every page of the admin that somebody reaches: what the menu leads to, and one of each kind below that."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

HREFS = "() => [...document.querySelectorAll('a[href]')].map((link) => link.href)"
MENU = """
() => {
    const props = JSON.parse(document.querySelector("#wagtail-sidebar-props").textContent);
    return [...JSON.stringify(props).matchAll(/"(\\/admin\\/[^"#]*)"/g)].map((match) => match[1]);
}
"""
# What would end the walk, or is no page.
NOT_WALKED = re.compile(
    r"logout|/bulk/|/account/logout|/styleguide/|export=|/unlock/|/lock/|/preview|/jsi18n|/sprite|/convert_alias/"
)
DEPTH = 2


def kind_of(address: str) -> str:
    """Return what an address is of, whatever the number in it; filters and orders of a page are the page."""
    return re.sub(r"/\d+(?=/|$)", "/N", urlsplit(address).path)


def pages_of(page: "Page", cms: str) -> list[str]:
    """Return the address of one page of each kind, found by following links as a person would."""
    page.goto(f"{cms}/admin/")
    page.locator("#wagtail-sidebar a").first.wait_for(state="attached")
    found: dict[str, str] = {}
    level = [f"{cms}/admin/", *(urljoin(cms, path) for path in page.evaluate(MENU))]
    for _ in range(DEPTH):
        new = []
        for address in level:
            address = address.split("#")[0].split("?")[0]
            kind = kind_of(address)
            is_admin = address.startswith(f"{cms}/admin/") and not NOT_WALKED.search(address)
            if is_admin and kind not in found:
                found[kind] = address
                new.append(address)
        level = []
        for address in new:
            response = page.goto(address)
            is_page = response and "text/html" in response.headers.get("content-type", "")
            if not is_page:
                del found[kind_of(address)]
            else:
                level += page.evaluate(HREFS)
    return list(found.values())
