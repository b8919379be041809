"""Asks a server for what the API shows, and publishes as the admin does."""

from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from wagtail.test.utils.form_data import streamfield

from insights.models import InsightPage
from tests import factories
from tests.cms.admin import PUBLISH, TEXT, edit_url, insight_form
from tests.frontend_api.caching.scene import Got

CSRF = "c" * 32


class Place(NamedTuple):
    """A database with some insights, and how a server is told of it."""

    environment: dict[str, str]
    session: str
    pages: dict[int, str]
    """The slugs of the insights that are published again and again, by id."""


def logged_in() -> str:
    """Return the session of an administrator."""
    user = factories.UserFactory(is_superuser=True)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def get(port: int, address: str, timeout: float = 30, **headers: str) -> tuple[int, bytes]:
    """Read from a server."""
    connection = HTTPConnection("localhost", port, timeout=timeout)
    try:
        connection.request("GET", f"/api/v2/{address}", headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def fetch_from(port: int) -> Callable[[str], Got]:
    """Return what reads from a server, with the headers of each answer."""

    def fetch(address: str) -> Got:
        connection = HTTPConnection("localhost", port, timeout=30)
        try:
            connection.request("GET", f"/api/v2/{address}")
            response = connection.getresponse()
            # Servers write the names of headers in small letters, or not.
            headers = {name.title(): value for name, value in response.getheaders()}
            return Got(response.status, headers, response.read())
        finally:
            connection.close()

    return fetch


def post(port: int, path: str, place: Place, form: dict[str, str]) -> int:
    """Send a form to the admin, as an administrator; return the status."""
    body = urlencode({**form, "csrfmiddlewaretoken": CSRF})
    cookies = f"{settings.SESSION_COOKIE_NAME}={place.session}; csrftoken={CSRF}"
    connection = HTTPConnection("localhost", port, timeout=30)
    try:
        connection.request(
            "POST",
            path,
            body,
            {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"},
        )
        return connection.getresponse().status
    finally:
        connection.close()


def publish(port: int, place: Place, key: int, number: int) -> bool:
    """Publish an insight with the title of a number, as the admin does; tell whether that was answered."""
    page = InsightPage(pk=key)
    form = insight_form(title=f"Title {number}", slug=place.pages[key], body=streamfield([TEXT]))
    try:
        status = post(port, edit_url(page), place, {**form, **PUBLISH})
    except (HTTPException, OSError):
        return False
    assert status == 302, status
    return True
