"""axe and the browser's console on every page of the admin: nothing of ours, of Wagtail's only what is listed."""

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from .admin_pages import pages_of
from .conftest import Installation, LogIn

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Two forms of the demo that lie further from the menu, or are longer than others of their kind.
DETAILS = ("/admin/pages/19/edit/", "/admin/snippets/cms/theme/edit/3/")
# Wagtail brings axe for its own content checks.
AXE = "() => axe.run(document, { resultTypes: ['violations'] })"


class Known(NamedTuple):
    """What stock Wagtail 8.0.1 does itself: a rule of axe, and what the element's HTML says that breaks it."""

    rule: str
    html: str
    why: str


KNOWN = (
    Known("aria-input-field-name", r'class="notranslate public-DraftEditor', "The editor of rich text has no name."),
    Known("scrollable-region-focusable", r"w-minimap", "The minimap of a long form scrolls."),
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
    return next((one for one in KNOWN if one.rule == rule and re.search(one.html, html)), None)


@pytest.fixture(scope="module")
def used() -> set[Known]:
    """What of the list was met."""
    return set()


@pytest.mark.parametrize("name", ["editor", "moderator", "administrator"])
def test_every_page_is_accessible_and_its_console_is_clean(
    installation: Installation, log_in: LogIn, used: set[Known], name: str
) -> None:
    page = log_in(name)
    addresses = pages_of(page, installation.cms)
    addresses += [f"{installation.cms}{path}" for path in DETAILS]
    # The menu alone leads to more than these.
    assert len(addresses) > 15
    heard = Heard(page)
    wrong: dict[str, list[str]] = {}
    for address in addresses:
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
        found += heard.take()
        if found:
            wrong[address.removeprefix(installation.cms)] = found
    assert not wrong
    if name == "administrator":
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
