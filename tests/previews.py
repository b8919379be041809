"""Previews as editors open them: typed in a login, and shown by a token."""

from typing import Any

from django.test import Client
from wagtail.models import Page

from frontend_api.previews import typed_drafts
from tests import factories


def log_in(user: Any = None) -> tuple[Client, Any]:
    """Log in `user`, or an administrator; return the browser and who it is."""
    user = user or factories.UserFactory(is_superuser=True)
    browser = Client()
    browser.force_login(user)
    return browser, user


def token_for(page: Page, user: Any = None) -> str:
    """Return the token of a preview of `page` as it is, which `user` (or an administrator) has just opened."""
    browser, user = log_in(user)
    return typed_drafts.keep(page, user, str(browser.session.session_key))


def query_for(page: Page, user: Any = None) -> dict[str, str]:
    """Return what the address of such a preview has in its query."""
    return {"content_type": page.get_content_type_str(), "token": token_for(page, user)}


def bearer(token: str) -> dict[str, str]:
    """Return the header that gives a token."""
    return {"authorization": f"Bearer {token}"}
