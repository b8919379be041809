"""Click to edit: what an editor clicks on in a preview is edited in the form beside it, or in a tab of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from .conftest import PANEL, Installation, LogIn
from .test_previews import A, Watched, api, edit, preview_in_tab

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

AT_MOST_MS = 300

# What has the focus: the field, and the nearest block or child that it is in.
FOCUSED = """() => {
    const field = document.activeElement;
    const around = field.closest("[id^='block-'][id$='-section'], [data-inline-panel-child]");
    return {id: field.id, name: field.name ?? "", around: around?.id ?? "", text: field.value ?? ""};
}"""


@pytest.fixture(scope="module")
def cms_host() -> str:
    """A name of this machine that is another site than `localhost` to a browser, and still trusted without HTTPS."""
    return "cms.localhost"


@pytest.fixture(scope="module")
def key(installation: Installation) -> int:
    """The id of the programme that is edited."""
    answer = httpx.get(api(installation, "pages/find/"), params={"html_path": A})
    return int(answer.json()["id"])


def click(part: "Locator") -> None:
    """Click on a part of what the panel's frame shows, wherever that is; the frame is drawn smaller than it is."""
    part.evaluate("part => part.click()")


ELSEWHERE = (
    (".partners p", "/admin/snippets/programmes/partner/edit/"),
    (".card p[data-edit]", "/admin/pages/"),
    (".footer-text", "/admin/snippets/cms/sitesettings/edit/"),
)
"""What a programme shows that has a form of its own, and where that is."""


def watch_focus(editor: "Page") -> None:
    """Note in the form when something has got the focus, for `focused_by`."""
    editor.evaluate(
        "() => document.addEventListener('focusin', () => { window.focusedAt ??= Date.now(); }, true)"
    )


def focused_by(editor: "Page", act: Callable[[], None]) -> dict[str, str]:
    """Return what has the focus in the form after a click in the panel."""
    editor.evaluate("() => { document.activeElement.blur(); window.focusedAt = null; }")
    act()
    editor.wait_for_function("() => window.focusedAt !== null")
    found: dict[str, str] = editor.evaluate(FOCUSED)
    return found


def is_in_sight(editor: "Page") -> bool:
    seen: bool = editor.evaluate(
        """() => {
            const {top, bottom, left, width} = document.activeElement.getBoundingClientRect();
            const there = document.elementFromPoint(left + Math.min(width, 40) / 2, (top + bottom) / 2);
            return top >= 0 && top < window.innerHeight && document.activeElement.closest("[data-field], section")
                .contains(there);
        }"""
    )
    return seen


def test_a_click_in_the_panel_focuses_what_is_clicked_on(
    installation: Installation, key: int, log_in: LogIn, screenshots: Path
) -> None:
    from playwright.sync_api import expect

    editor = log_in("administrator")
    seen = Watched(editor.context)
    edit(editor, installation, key)
    watch_focus(editor)
    panel = editor.frame_locator(PANEL)
    panel.locator(".edit-here").wait_for(state="attached")

    # Fields, fast, with the tab of the form that they are in opened for them.
    editor.get_by_role("tab", name="Promote").click()
    summary = panel.locator(".page-head .lead")
    summary.evaluate(
        "(part) => part.addEventListener('click', () => { window.clickedAt = Date.now(); })"
    )
    taken = []
    for _ in range(3):
        assert focused_by(editor, summary.click)["id"] == "id_summary"
        assert is_in_sight(editor)
        clicked = panel.locator("html").evaluate("() => window.clickedAt")
        taken.append(editor.evaluate("() => window.focusedAt") - clicked)
    print(f"\nFrom a click in the panel to the focus: {min(taken)} ms at best")
    assert min(taken) < AT_MOST_MS
    assert "edited" in str(summary.get_attribute("class"))
    editor.screenshot(path=screenshots / "edit-panel.png")

    # A block is found by its id, wherever it has been moved.
    block = panel.locator(".body > [data-edit*='#block-']").nth(1)
    address = str(block.get_attribute("data-edit"))
    section = address.partition("#")[2]
    assert focused_by(editor, lambda: click(block))["around"] == section
    assert is_in_sight(editor)
    editor.locator(f"#{section}").get_by_role("button", name="Move up").first.click()
    first = panel.locator(f".body > [data-edit*='#block-']:first-child[data-edit='{address}']")
    first.wait_for()
    assert focused_by(editor, lambda: click(first))["around"] == section

    # Inline children keep their forms when they are moved.
    phases = panel.locator(".phases li[data-edit]")
    second = phases.nth(1).locator("h3").inner_text()
    assert focused_by(editor, lambda: click(phases.nth(1)))["text"] == second
    editor.locator("#inline_child_phases-1").get_by_role("button", name="Move up").click()
    phases.first.get_by_text(second).wait_for()
    assert focused_by(editor, lambda: click(phases.first))["text"] == second

    # By keyboard: the links stand at the end of the page, and each shows what it edits.
    link = panel.locator(".edit-here").get_by_role("link", name="Edit title", exact=True)
    link.focus()
    expect(panel.locator("h1")).to_have_class("edited")
    assert focused_by(editor, lambda: link.press("Enter"))["id"] == "id_title"

    # What the panel's frame has not said is not done.
    editor.evaluate(
        """() => {
            document.activeElement.blur();
            window.postMessage({frontendApi: {edit: location.pathname + "#:w:contentpath=summary"}}, "*");
        }"""
    )
    assert focused_by(editor, lambda: link.press("Enter"))["id"] == "id_title"

    # What is edited elsewhere is opened beside the form, whose text is kept.
    for part, there in ELSEWHERE:
        with editor.context.expect_page() as opened:
            click(panel.locator(part).first)
        opened.value.wait_for_function(
            "() => document.activeElement.matches('input, textarea, [contenteditable=true]')"
        )
        assert there in opened.value.url
        opened.value.close()
    assert not seen.complaints


def test_a_click_in_a_tab_opens_the_editor_there(
    installation: Installation, key: int, log_in: LogIn, screenshots: Path
) -> None:
    editor = log_in("editor")
    seen = Watched(editor.context)
    edit(editor, installation, key)
    tab = preview_in_tab(editor)
    tab.locator(".edit-here").wait_for(state="attached")
    tab.locator(".phases li[data-edit]").nth(1).hover()
    tab.get_by_role("link", name="Edit", exact=False).nth(0).wait_for()
    tab.screenshot(path=screenshots / "edit-tab.png")
    # A link leads where it leads, and its text is edited by the link beside it.
    tab.locator(".card-title a[href^='/insight/']").first.click()
    tab.wait_for_url(lambda address: "/insight/" in address)
    tab.go_back()
    tab.locator(".phases li[data-edit]").nth(1).click()
    tab.wait_for_url(f"{installation.cms}/admin/pages/{key}/edit/**")
    tab.wait_for_function("() => document.activeElement.name === 'phases-1-title'")
    tab.screenshot(path=screenshots / "edit-in-tab.png")
    assert not seen.complaints
