"""Whatever is typed into the editor is saved, or said to be not saved; and nothing is saved that nobody typed."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import pytest

from .conftest import PANEL, Installation, LogIn, saved, until_saved, write

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.long

SUMMARY = "#id_summary"
INDICATOR = "#w-autosave-indicator"


@pytest.fixture
def open_page(installation: Installation, log_in: LogIn) -> Callable[..., "Page"]:
    """Open a page of the demo site in the editor."""

    def open_page(path: str, name: str = "editor", *, wait_until: str = "load") -> "Page":
        address = f"{installation.cms}/api/v2/pages/find/"
        key = httpx.get(address, params={"html_path": path}).json()["id"]
        window = log_in(name)
        window.goto(f"{installation.cms}/admin/pages/{key}/edit/", wait_until=wait_until)  # type: ignore[arg-type]
        return window

    return open_page


def submit(window: "Page") -> None:
    """Submit a page to moderation."""
    window.get_by_role("button", name="More actions").click()
    window.get_by_role("button", name="Submit to Moderators approval").click()


def asks_before_leaving(window: "Page") -> bool:
    """Return whether the browser asks when somebody leaves a page."""
    asked: list[str] = []
    window.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    window.goto("about:blank")
    return asked == ["beforeunload"]


def test_a_form_that_was_refused_is_watched_on(installation: Installation, log_in: LogIn) -> None:
    window = log_in("editor")
    window.goto(f"{installation.cms}/admin/programmes/choose_parent/")
    window.fill("#id_title", "Refused at first")
    window.get_by_role("button", name="Add figure").click()
    window.fill("#id_key_figures-0-value", "10")
    window.locator(INDICATOR).get_by_text("Saved").wait_for()
    submit(window)
    window.get_by_text("could not be").first.wait_for()
    window.locator(INDICATOR).get_by_text("Saved").wait_for()
    window.get_by_role("button", name="Toggle preview").click()
    for text in ("Typed after that", "Typed once more"):
        write(window, SUMMARY, text)
        until_saved(window, SUMMARY, text)


def test_a_form_that_was_never_saved_and_refused_is_watched_on(
    installation: Installation, log_in: LogIn
) -> None:
    window = log_in("editor")
    window.goto(f"{installation.cms}/admin/programmes/choose_parent/")
    window.fill("#id_title", "Refused at once")
    submit(window)
    window.get_by_text("could not be").first.wait_for()
    window.fill(SUMMARY, "Typed after that")
    window.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))
    until_saved(window, SUMMARY, "Typed after that")


def test_what_is_corrected_after_a_refusal_is_saved_and_previewed(
    open_page: Callable[..., "Page"],
) -> None:
    window = open_page("/programmes/model-laws/")
    # A year that is none is refused in a draft, too.
    window.fill("#id_end_year", "20250")
    window.get_by_role("button", name="Save draft").click()
    window.get_by_text("could not be saved").first.wait_for()
    window.locator(INDICATOR).get_by_text("Paused").wait_for()
    window.get_by_role("button", name="Toggle preview").click()
    window.fill("#id_end_year", "2031")
    until_saved(window, "#id_end_year", "2031")
    window.frame_locator(PANEL).get_by_text("2031").first.wait_for()
    # Before the first year: a draft need not fit together yet, and is saved as it is.
    window.fill("#id_end_year", "1999")
    until_saved(window, "#id_end_year", "1999")
    write(window, SUMMARY, "And it goes on.")
    until_saved(window, SUMMARY, "And it goes on.")


@pytest.mark.parametrize("wait_until", ["domcontentloaded", "load", "commit"])
def test_what_is_typed_as_the_page_opens_is_saved(
    open_page: Callable[..., "Page"], wait_until: str
) -> None:
    text = f"Typed at {wait_until}"
    window = open_page("/insight/listening-first/", wait_until=wait_until)
    window.fill(SUMMARY, text)
    until_saved(window, SUMMARY, text)


def test_a_box_that_is_ticked_as_the_page_opens_is_saved(open_page: Callable[..., "Page"]) -> None:
    window = open_page("/insight/listening-first/", wait_until="domcontentloaded")
    box = window.locator("input[name=themes]:not(:checked)").first
    theme = box.get_attribute("value")
    box.check()
    until_saved(window, f"input[name=themes][value='{theme}'][checked]", str(theme))


def test_what_is_typed_while_a_save_is_under_way_is_saved(open_page: Callable[..., "Page"]) -> None:
    window = open_page("/insight/listening-first/")
    held: list[Route] = []
    window.route("**/edit/", lambda route: held.append(route), times=1)
    # Wagtail itself sees nothing of what is typed earlier.
    window.wait_for_timeout(2_500)
    with window.expect_request("**/edit/"):
        window.fill(SUMMARY, "What is sent")
    while not held:
        window.wait_for_timeout(50)
    window.fill(SUMMARY, "What is typed meanwhile")
    held[0].continue_()
    until_saved(window, SUMMARY, "What is typed meanwhile")


def test_who_leaves_right_after_the_last_key_is_asked(open_page: Callable[..., "Page"]) -> None:
    window = open_page("/insight/listening-first/")
    window.locator(SUMMARY).press("x")
    assert asks_before_leaving(window)


@pytest.mark.parametrize("status", [413, 500, None], ids=["413", "500", "no connection"])
def test_a_save_that_failed_is_said_and_tried_again(
    open_page: Callable[..., "Page"], status: int | None
) -> None:
    window = open_page("/insight/listening-first/")

    def fail(route: "Route") -> None:
        route.fulfill(status=status, body="<p>No</p>") if status else route.abort()

    window.route("**/edit/", fail)
    text = f"Typed at {status}"
    window.fill(SUMMARY, text)
    window.locator(INDICATOR).get_by_text("Paused").wait_for()
    assert saved(window, SUMMARY) != text
    window.unroute("**/edit/")
    until_saved(window, SUMMARY, text)


def test_a_save_without_a_connection_leaves_the_page_where_it_is(
    open_page: Callable[..., "Page"],
) -> None:
    window = open_page("/insight/listening-first/")
    window.context.set_offline(True)
    window.fill(SUMMARY, "Typed in a tunnel")
    window.get_by_role("button", name="Save draft").click()
    window.get_by_text("The CMS does not answer, so nothing was saved.").wait_for()
    assert window.input_value(SUMMARY) == "Typed in a tunnel"
    window.context.set_offline(False)
    window.get_by_role("button", name="Save draft").click()
    window.get_by_text("saved as a draft").first.wait_for()
    assert saved(window, SUMMARY) == "Typed in a tunnel"


def test_of_two_tabs_the_second_says_that_it_is_not_saved(open_page: Callable[..., "Page"]) -> None:
    first = open_page("/insight/listening-first/")
    second = first.context.new_page()
    second.goto(first.url)
    first.fill(SUMMARY, "From the first tab")
    until_saved(first, SUMMARY, "From the first tab")
    second.fill(SUMMARY, "From the second tab")
    second.locator(INDICATOR).get_by_text("Paused").wait_for()
    assert saved(second, SUMMARY) == "From the first tab"
    assert second.input_value(SUMMARY) == "From the second tab"
    assert asks_before_leaving(second)


@pytest.mark.parametrize(
    "path",
    ["/", "/programmes/", "/programmes/identifying-victims-online/", "/insight/", "/about/"],
)
def test_a_form_that_is_only_opened_and_looked_at_is_not_saved(
    open_page: Callable[..., "Page"], path: str
) -> None:
    window = open_page(path)
    posted: list[str] = []
    window.on(
        "request",
        lambda request: (
            posted.append(request.url)
            if request.method == "POST" and request.url.endswith(("/edit/",))
            else None
        ),
    )
    window.get_by_role("button", name="Toggle preview").click()
    window.frame_locator(PANEL).locator("h1").wait_for()
    for text in window.locator(".public-DraftEditor-content").all()[:2]:
        text.click()
    window.keyboard.press("Tab")
    # Longer than Wagtail waits for anything.
    window.wait_for_timeout(4_000)
    assert not posted
    assert not asks_before_leaving(window)


@pytest.mark.parametrize("comment", ["", "Well done."], ids=["at once", "with a comment"])
def test_who_approves_without_a_change_publishes_and_leaves_no_draft(
    installation: Installation, log_in: LogIn, comment: str
) -> None:
    title = f"To be approved {comment}".strip(" .")
    editor = log_in("editor")
    editor.goto(f"{installation.cms}/admin/insights/choose_parent/")
    editor.fill("#id_title", title)
    editor.fill("#id_external_url", "https://end-violence.example/an-article")
    editor.locator(INDICATOR).get_by_text("Saved").wait_for()
    submit(editor)
    editor.get_by_text("submitted for moderation").first.wait_for()
    moderator = log_in("moderator")
    moderator.goto(f"{installation.cms}/admin/")
    moderator.get_by_role("link", name=title, exact=True).first.click()
    address = moderator.url
    moderator.get_by_role("button", name="More actions").click()
    if comment:
        moderator.get_by_role("button", name=re.compile("with comment", re.I)).click()
        moderator.locator(".modal textarea").fill(comment)
        moderator.locator(".modal button[type=submit]").click()
    else:
        moderator.get_by_role("button", name="Approve and Publish", exact=True).click()
    moderator.wait_for_url(lambda url: url != address)
    moderator.goto(address)
    # An autosave that the click set off would be there by now.
    moderator.wait_for_timeout(1_500)
    moderator.reload()
    status = moderator.locator("header").get_by_text(re.compile("live|draft", re.I))
    assert {text.strip().lower() for text in status.all_inner_texts()} == {"live"}
