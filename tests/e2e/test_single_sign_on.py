"""Signing in with an account of a provider, and with nothing else: at the login, and on a page that somebody writes."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.provider import running_provider

from .conftest import PATIENCE, Installation, until_saved
from .test_logged_out import PATH, SUMMARY, dialog, log_out
from .test_signing_in import SECOND_FACTOR, code_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider that knows two people of the demo, and somebody else."""
    with running_provider() as address:
        for name, groups in {
            "editor": ["cms-editors"],
            "moderator": ["cms-moderators"],
            "cook": ["canteen"],
        }.items():
            email = f"{name}@example.org"
            claims: dict[str, Any] = {"email": email, "email_verified": True, "groups": groups}
            httpx.put(f"{address}/users/{name}", json=claims)
        yield address


@pytest.fixture(scope="module")
def more_environment(provider: str) -> dict[str, str]:
    """Only the provider lets in, and moderators show a second factor as well."""
    return {
        "OIDC_ISSUER": provider,
        "OIDC_CLIENT_ID": "cms",
        "OIDC_CLIENT_SECRET": "secret",
        "OIDC_NAME": "Example",
        "OIDC_GROUPS": "cms-editors=Editors,cms-moderators=Moderators",
        "LOCAL_PASSWORDS": "off",
        "SECOND_FACTOR_FOR": "moderators",
    }


@pytest.fixture
def page(chromium: "Browser") -> "Iterator[Page]":
    with closing(chromium.new_context(viewport={"width": 1500, "height": 950})) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


def agree(page: "Page", name: str) -> None:
    """Sign in at the provider."""
    page.get_by_placeholder("sub").fill(name)
    page.get_by_role("button", name="Authorize").click()


def sign_in(page: "Page", cms: str, name: str) -> None:
    """Sign in by way of the provider."""
    page.goto(f"{cms}/admin/login/")
    page.get_by_role("link", name="Sign in with Example").click()
    agree(page, name)
    page.wait_for_url(f"{cms}/admin/**")


def open_page(page: "Page", cms: str) -> None:
    """Open a page to write, of which only what the test does asks the CMS for anything."""
    key = httpx.get(f"{cms}/api/v2/pages/find/", params={"html_path": PATH}).json()["id"]
    page.goto(f"{cms}/admin/pages/{key}/edit/")
    presence = page.locator("[data-controller~=w-session]")
    presence.evaluate("(element) => element.setAttribute('data-w-session-interval-value', 3600000)")


def test_nobody_gets_in_who_has_no_group(
    installation: Installation, page: "Page", screenshots: Path
) -> None:
    cms = installation.cms
    page.goto(f"{cms}/admin/")
    assert not page.locator("[type=password]").count()
    page.screenshot(path=screenshots / "provider.png")
    page.get_by_role("link", name="Sign in with Example").click()
    agree(page, "cook")
    page.get_by_text("Your account may not use the CMS.").wait_for()
    page.screenshot(path=screenshots / "turned-away.png")


def test_the_page_goes_on_once_somebody_has_logged_in_in_another_window(
    installation: Installation, page: "Page", screenshots: Path
) -> None:
    sign_in(page, installation.cms, "editor")
    open_page(page, installation.cms)
    log_out(page)
    page.fill(SUMMARY, "Typed without a session")
    opened = dialog(page)
    link = opened.get_by_role("link", name="Log in with Example")
    assert not opened.locator("input:not([type=hidden])").count()
    page.screenshot(path=screenshots / "log-in-with.png")
    with page.context.expect_page() as window:
        link.press("Enter")
    agree(window.value, "editor")
    window.value.get_by_role("heading", name="You are signed in").wait_for()
    opened.wait_for(state="detached")
    until_saved(page, SUMMARY, "Typed without a session")


def test_so_it_does_after_a_second_factor(
    installation: Installation, page: "Page", screenshots: Path
) -> None:
    cms = installation.cms
    sign_in(page, cms, "moderator")
    page.wait_for_url(f"{cms}{SECOND_FACTOR}")
    page.goto(f"{cms}{SECOND_FACTOR}totp/activate/")
    page.fill("#id_code", code_of(page.locator("#authenticator_secret").input_value()))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url(f"{cms}{SECOND_FACTOR}recovery-codes/")
    code = page.locator("#recovery_codes").input_value().split()[0]
    open_page(page, cms)
    log_out(page)
    page.fill(SUMMARY, "Typed without a second factor")
    opened = dialog(page)
    with page.context.expect_page() as window:
        opened.get_by_role("link", name="Log in with Example").click()
    agree(window.value, "moderator")
    window.value.wait_for_url(re.compile("authenticate"))
    # Half-way is not signed in.
    window.value.fill("#id_code", code)
    assert opened.is_visible()
    window.value.get_by_role("button", name="Sign In", exact=True).click()
    window.value.get_by_role("heading", name="You are signed in").wait_for()
    window.value.screenshot(path=screenshots / "signed-in.png")
    opened.wait_for(state="detached")
    until_saved(page, SUMMARY, "Typed without a second factor")
