"""Signing in with more than a password: an app's codes, recovery codes and a passkey, as a browser does it."""

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import PATIENCE

from .conftest import Installation, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SECOND_FACTOR = "/admin/login/second-factor/"


@pytest.fixture
def page(chromium: "Browser") -> "Iterator[Page]":
    with closing(chromium.new_context(viewport={"width": 1280, "height": 900})) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


def code_of(secret: str) -> str:
    """Return what an authenticator app shows now for a secret (RFC 6238)."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def password(page: "Page", cms: str, name: str) -> None:
    """Give the right password, after which more is asked for."""
    page.goto(f"{cms}/admin/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", f"{name}-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{cms}{SECOND_FACTOR}authenticate/**")


def sign_out(page: "Page", cms: str) -> None:
    """Forget the session, as a browser does that is closed."""
    page.context.clear_cookies()
    page.goto(f"{cms}/admin/")


def test_an_app_and_recovery_codes(
    installation: Installation, page: "Page", screenshots: Path
) -> None:
    cms = installation.cms
    sign_in(page, cms, "editor")
    page.goto(f"{cms}/admin/account/")
    page.get_by_role("tab", name="More actions").click()
    page.screenshot(path=screenshots / "account.png", full_page=True)
    page.get_by_role("link", name="Second factor").click()
    page.wait_for_url(f"{cms}{SECOND_FACTOR}")
    page.screenshot(path=screenshots / "second-factor.png", full_page=True)
    page.goto(f"{cms}{SECOND_FACTOR}totp/activate/")
    page.screenshot(path=screenshots / "activate.png", full_page=True)
    secret = page.locator("#authenticator_secret").input_value()
    page.fill("#id_code", code_of(secret))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url(f"{cms}{SECOND_FACTOR}recovery-codes/")
    page.screenshot(path=screenshots / "recovery-codes.png", full_page=True)
    codes = page.locator("#recovery_codes").input_value().split()
    assert len(codes) == 10

    sign_out(page, cms)
    password(page, cms, "editor")
    page.screenshot(path=screenshots / "authenticate.png", full_page=True)
    page.fill("#id_code", "000000")
    page.get_by_role("button", name="Sign In", exact=True).click()
    page.get_by_text("Incorrect code").wait_for()
    page.screenshot(path=screenshots / "incorrect.png", full_page=True)
    page.fill("#id_code", codes[0])
    page.get_by_role("button", name="Sign In", exact=True).click()
    page.wait_for_url(f"{cms}/admin/")


def test_a_passkey(installation: Installation, page: "Page", screenshots: Path) -> None:
    cms = installation.cms
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    sign_in(page, cms, "moderator")
    page.goto(f"{cms}{SECOND_FACTOR}webauthn/add/")
    page.screenshot(path=screenshots / "add-passkey.png", full_page=True)
    page.fill("#id_name", "Laptop")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(f"{cms}{SECOND_FACTOR}recovery-codes/")

    sign_out(page, cms)
    password(page, cms, "moderator")
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url(f"{cms}/admin/")
    page.goto(f"{cms}/admin/login/sessions/")
    page.screenshot(path=screenshots / "sessions.png", full_page=True)
