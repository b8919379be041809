"""axe, the browser's console and a phone on every page of the admin: of Wagtail's faults only what is listed."""

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup

from .admin_pages import Found, found_at, pages_of
from .conftest import Installation, LogIn
from .narrow import MEASURE, NOTHING_WRONG, PHONE, READABLE

if TYPE_CHECKING:
    from playwright.sync_api import APIRequestContext, Page

pytestmark = pytest.mark.long

DESK = {"width": 1500, "height": 950}
AT_REST = 2_000
# Wagtail brings axe for its own content checks.
AXE = "() => axe.run(document, { resultTypes: ['violations'] })"


class Known(NamedTuple):
    """What stock Wagtail 8.0.1 does itself: a rule of axe, and what the element's HTML says that breaks it."""

    rule: str
    html: str
    why: str


KNOWN = (
    Known("aria-input-field-name", r'class="notranslate public-DraftEditor', "The editor of rich text has no name."),
    Known("empty-meta-description", r".", "A check for editors of Wagtail's own, which its admin registers."),
    Known("label", r"ui-autocomplete-input", "The field of tags has no label."),
    Known("label", r'id="fileupload"', "The field for several uploads has no label."),
    Known("aria-allowed-role", r'<h2 role="alert"', "How many were found is a heading and an alert."),
    Known("heading-order", r"other-searches-title|<h4", "The search and the list of workflows skip a level."),
    Known("page-has-heading-one", r"<html", "The forms of snippets have no first heading."),
    Known("aria-required-parent", r"w-w-fit", "A tab of the form of a user stands outside its list."),
    Known("list", r"workflow-tasks", "The tasks of a workflow are a list of other things."),
    Known("listitem", r"workflow-tasks__task", "The tasks of a workflow are items outside a list."),
    Known("empty-table-header", r'aria-label="Action"', "The pages of a workflow have a column without a name."),
)  # fmt: skip

# Only while somebody else has the page open, as whoever walked before, and in a form that is long enough.
SOMETIMES = (
    Known("scrollable-region-focusable", r"w-minimap", "The minimap of a long form scrolls."),
    Known("button-name", r"w-editing-sessions__session", "Who else has a page open is a picture without a name."),
)  # fmt: skip


class Heard:
    """What the console of a window says, and which of its requests fail, page by page."""

    def __init__(self, page: "Page") -> None:
        self.said: list[str] = []
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self._hear("error", str(error)))
        page.on("response", lambda answer: self._answered(answer))

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.said.append(f"{kind}: {text}"[:300])

    def _answered(self, answer: Any) -> None:
        if answer.status >= 400:
            self.said.append(f"{answer.status}: {answer.url}")

    def take(self) -> list[str]:
        said, self.said = self.said, []
        return said


def known_of(rule: str, html: str) -> Known | None:
    return next(
        (one for one in KNOWN + SOMETIMES if one.rule == rule and re.search(one.html, html)), None
    )


def details(session: "APIRequestContext", cms: str) -> list[Found]:
    """Return two forms of the demo that lie further from the menu, or are longer than others of their kind."""
    listed = session.get(f"{cms}/api/v2/pages/?slug=identifying-victims-online").json()["items"]
    themes = BeautifulSoup(session.get(f"{cms}/admin/snippets/cms/theme/").text(), "html.parser")
    theme = themes.select_one("main td.title a[href*='/edit/']")
    assert theme
    addresses = (f"/admin/pages/{listed[0]['id']}/edit/", str(theme["href"]))
    return [found_at(session, urljoin(cms, address)) for address in addresses]


def measure(page: "Page") -> Any:
    """Return what is hard to read once the page has come to rest."""
    from playwright.sync_api import TimeoutError

    given = [READABLE, NOTHING_WRONG]
    try:
        page.wait_for_function(
            f"([readable, nothing]) => JSON.stringify(({MEASURE})(readable)) === JSON.stringify(nothing)",
            arg=given,
            timeout=AT_REST,
        )
    except TimeoutError:
        return page.evaluate(MEASURE, READABLE)
    return NOTHING_WRONG


def faults(page: "Page", address: str, used: set[Known]) -> list[str]:
    """Return what is wrong with a page, at a desk and on a phone; add what is known of Wagtail to `used`."""
    page.set_viewport_size(DESK)
    page.goto(address)
    page.locator("body.ready").wait_for()
    page.wait_for_load_state("networkidle")
    found = []
    for violation in page.evaluate(AXE)["violations"]:
        for node in violation["nodes"]:
            known = known_of(violation["id"], node["html"])
            if known is None:
                found.append(f"{violation['id']}: {node['html'][:200]}")
            else:
                used.add(known)
    page.set_viewport_size(PHONE)
    measured = measure(page)
    if measured != NOTHING_WRONG:
        # A few things, such as where one marks the focal point of an image, take their size as they are loaded.
        page.reload()
        page.locator("body.ready").wait_for()
        measured = measure(page)
        if measured != NOTHING_WRONG:
            found.append(f"On a phone: {measured}")
    return found


def test_every_page_is_accessible_and_readable_on_a_phone_and_its_console_is_clean(
    installation: Installation, log_in: LogIn
) -> None:
    cms = installation.cms
    seen: dict[str, set[str]] = defaultdict(set)
    used: set[Known] = set()
    wrong: dict[str, list[str]] = {}
    for name in ("administrator", "moderator", "editor"):
        page = log_in(name)
        found = [*pages_of(page.request, cms), *details(page.request, cms)]
        # The menu alone leads to more than these.
        assert len(found) > 15
        heard = Heard(page)
        for address, kind, parts in found:
            # Somebody else has seen all that there is on it.
            if parts <= seen[kind]:
                continue
            seen[kind] |= parts
            of_page = [*faults(page, address, used), *heard.take()]
            if of_page:
                wrong[f"{name} {address.removeprefix(cms)}"] = of_page
    assert not wrong, "\n".join(f"{address}: {what}" for address, what in wrong.items())
    unneeded = [f"{one.rule}: {one.html}" for one in KNOWN if one not in used]
    assert not unneeded, "Wagtail has mended these: take them off the list."


def test_the_page_on_which_one_signs_in_is_accessible(
    installation: Installation, chromium: Any
) -> None:
    page = chromium.new_page()
    heard = Heard(page)
    page.goto(f"{installation.cms}/admin/login/")
    page.locator("body.ready").wait_for()
    assert page.evaluate(AXE)["violations"] == []
    assert heard.take() == []
    page.close()
