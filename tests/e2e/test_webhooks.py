"""An administrator makes a webhook in the browser, copies its secret, tries it, and sees what was sent."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from .conftest import Installation, LogIn


@pytest.fixture(scope="module")
def more_environment() -> dict[str, str]:
    """Let webhooks go to this machine."""
    return {"WEBHOOK_HOSTS": "127.0.0.1"}


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[dict[str, str], str]]]]:
    """The address of a receiver that takes everything, and what it has heard."""
    heard: list[tuple[dict[str, str], str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((dict(self.headers), body.decode()))
            self.send_response(200)
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"Thanks")

        def log_message(self, *args: Any) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/hook", heard
        running.shutdown()


def test_a_webhook_is_made_tried_and_told(
    installation: Installation,
    log_in: LogIn,
    receiver: tuple[str, list[tuple[dict[str, str], str]]],
    screenshots: Path,
) -> None:
    address, heard = receiver
    page = log_in("administrator")
    page.goto(f"{installation.cms}/admin/webhooks/new/")
    page.fill("#id_name", "Search engine")
    page.fill("#id_address", address)
    page.check("input[name=form][value=event]")
    # The worker may still make pictures of the demo site, which changes images and pages that show them.
    page.check("input[name=kinds][value=moved]")
    page.screenshot(path=screenshots / "webhook-form.png", full_page=True)
    page.get_by_role("button", name="Create").click()
    page.get_by_role("heading", name="The secret of Search engine").wait_for()
    secret = page.input_value("#secret-value")
    page.screenshot(path=screenshots / "webhook-secret.png")
    page.get_by_role("link", name="Go on").click()
    page.get_by_text("Nothing was sent yet.").wait_for()
    page.get_by_role("button", name="Send a test").click()
    for _ in range(60):
        if page.get_by_text("200, after").count():
            break
        page.wait_for_timeout(500)
        page.get_by_role("link", name="Look again").click()
    page.get_by_text("Thanks", exact=True).wait_for()
    page.screenshot(path=screenshots / "webhook-message.png", full_page=True)
    # It is sent again where the answer came too late, as on a busy machine.
    tested = [one for one in heard if json.loads(one[1])["type"] == "webhook.test"]
    assert len({headers["webhook-id"] for headers, _body in tested}) == 1
    headers, body = tested[0]
    Webhook(secret).verify(body, headers)
    # What somebody publishes is told without anybody asking for it.
    page.goto(f"{installation.cms}/admin/webhooks/")
    page.get_by_role("link", name="Search engine", exact=True).first.click()
    page.get_by_role("link", name="A test").wait_for()
    page.screenshot(path=screenshots / "webhook-tried.png")
    programme = page.request.get(f"{installation.cms}/api/v2/programmes/?limit=1").json()
    number = programme["items"][0]["id"]
    page.goto(f"{installation.cms}/admin/pages/{number}/edit/#tab-promote")
    page.fill("#id_slug", "an-address-that-was-not-there")
    before = len(heard)
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.locator(".messages .success").wait_for()
    for _ in range(60):
        if number in {json.loads(body)["data"].get("id") for _headers, body in heard[before:]}:
            break
        page.wait_for_timeout(500)
    else:
        pytest.fail("Nobody was told of what was published.")
    page.goto(f"{installation.cms}/admin/webhooks/")
    page.get_by_role("link", name="Search engine", exact=True).first.click()
    page.get_by_text(f"programmes.ProgrammePage {number}").wait_for()
    page.screenshot(path=screenshots / "webhook.png")
