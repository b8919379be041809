"""A frontend that goes away while somebody previews, and comes back."""

from pathlib import Path

import httpx

from .conftest import PANEL, Frontend, Installation, LogIn, write

SENTENCE = "The website does not answer at"


def test_the_panel_says_that_the_frontend_is_gone_and_comes_back(
    installation: Installation, frontend: Frontend, log_in: LogIn, screenshots: Path
) -> None:
    editor = log_in("editor")
    address = f"{installation.cms}/api/v2/pages/find/"
    key = httpx.get(address, params={"html_path": "/insight/listening-first/"}).json()["id"]
    editor.goto(f"{installation.cms}/admin/pages/{key}/edit/")
    editor.get_by_role("button", name="Toggle preview").click()
    write(editor, "#id_summary", "Before it went")
    said = editor.get_by_role("status").get_by_text(SENTENCE)
    assert not said.is_visible()
    frontend.end()
    editor.fill("#id_summary", "While it is gone")
    said.wait_for()
    editor.screenshot(path=screenshots / "frontend-gone.png")
    # A tab of its own would show no more than the panel.
    editor.get_by_role("link", name="Preview in new tab").click()
    assert len(editor.context.pages) == 1
    editor.locator("#w-autosave-indicator").get_by_text("Saved").wait_for()
    frontend.start()
    shown = editor.frame_locator(PANEL).locator("main").get_by_text("While it is gone")
    shown.first.wait_for(state="attached")
    said.wait_for(state="hidden")
    write(editor, "#id_summary", "After it came back")


def test_a_panel_that_is_opened_without_a_frontend_says_so(
    installation: Installation, frontend: Frontend, log_in: LogIn
) -> None:
    editor = log_in("editor")
    frontend.end()
    editor.goto(f"{installation.cms}/admin/insights/choose_parent/")
    editor.fill("#id_title", "Never saved, never previewed")
    editor.get_by_role("button", name="Toggle preview").click()
    editor.get_by_role("status").get_by_text(SENTENCE).wait_for()
    frontend.start()
    heading = editor.frame_locator(PANEL).get_by_role(
        "heading", name="Never saved, never previewed"
    )
    heading.wait_for()
