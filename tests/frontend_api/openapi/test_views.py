"""The page to read the API's description, in a real browser."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer


def test_the_page_shows_every_endpoint_and_asks_nobody_else(
    live_server: "LiveServer", chromium: "Browser"
) -> None:
    page = chromium.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{live_server.url}/api/v2/docs/")
    page.locator("#operations-programmes-programmes_list").wait_for()
    assert "/api/v2/events/" in page.locator("body").inner_text()
    site = page.locator("#operations-site-site_show")
    site.locator(".opblock-summary-control").click()
    site.get_by_role("button", name="Try it out").click()
    site.get_by_role("button", name="Execute").click()
    site.locator(".live-responses-table .response-col_status", has_text="200").wait_for()
    found = page.locator("#operations-pages-pages_find")
    found.locator(".opblock-summary-control").click()
    # What is answered to a programme's path, as the demo site has it.
    found.locator(".highlight-code", has_text="programmes.ProgrammePage").wait_for()
    assert complaints == []
    assert {url.startswith((live_server.url, "data:")) for url in requests} == {True}
    page.close()
