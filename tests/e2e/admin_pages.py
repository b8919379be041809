"""Every page of the admin that somebody reaches: what the menu leads to, and one of each kind below that.

Pages are found without a browser, which takes a tenth of the time.
"""

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from playwright.sync_api import APIRequestContext

# What would end the walk, or is no page.
NOT_WALKED = re.compile(
    r"logout|/bulk/|/account/logout|/styleguide/|export=|/unlock/|/lock/|/preview|/jsi18n|/sprite|/convert_alias/"
)
DEPTH = 2
MENU = "#wagtail-sidebar-props"


class Found(NamedTuple):
    """A page: its address, of what kind that is, and what its HTML is made of."""

    address: str
    kind: str
    parts: frozenset[str]


def kind_of(address: str) -> str:
    """Return what an address is of, whatever the number in it; filters and orders of a page are the page."""
    return re.sub(r"/\d+(?=/|$)", "/N", urlsplit(address).path)


def pages_of(session: "APIRequestContext", cms: str) -> list[Found]:
    """Return one page of each kind, found by following links as a person would."""
    found: dict[str, Found] = {}
    asked: set[str] = set()
    level = [f"{cms}/admin/"]
    for _ in range(DEPTH + 1):
        below = []
        for address in level:
            address = urljoin(cms, address).split("#")[0].split("?")[0]
            kind = kind_of(address)
            is_admin = address.startswith(f"{cms}/admin/") and not NOT_WALKED.search(address)
            if not is_admin or kind in asked:
                continue
            asked.add(kind)
            response = session.get(address)
            if "text/html" not in response.headers.get("content-type", ""):
                continue
            page = BeautifulSoup(response.text(), "html.parser")
            if page.select_one(MENU) is None:
                # A redirect led out of the admin, such as to a preview.
                continue
            found[kind] = Found(address, kind, _parts_of(page))
            below += _links_of(page, address)
        level = below
    return list(found.values())


def found_at(session: "APIRequestContext", address: str) -> Found:
    """Return the page at an address that no link of the walk leads to."""
    page = BeautifulSoup(session.get(address).text(), "html.parser")
    return Found(address, kind_of(address), _parts_of(page))


def _links_of(page: BeautifulSoup, address: str) -> list[str]:
    links = [urljoin(address, link["href"]) for link in page.select("a[href]")]
    menu = page.select_one(MENU)
    # The menu is the same everywhere.
    if menu and address.endswith("/admin/"):
        links = [*re.findall(r'"(/admin/[^"#\\]*)"', menu.get_text()), *links]
    return links


def _parts_of(page: BeautifulSoup) -> frozenset[str]:
    """Return the elements of a page by what styles and scripts tell them by."""
    names = ("role", "type", "data-controller", "data-contentpath")
    return frozenset(
        " ".join(
            [
                element.name,
                *element.get("class", []),
                *(str(element.get(name, "")) for name in names),
            ]
        )
        for element in page.find_all(True)
    )
