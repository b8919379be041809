"""A host at which the API does not answer is a problem that says where to ask."""

from typing import Any

import pytest
from django.test import Client

from tests.configure import configure

pytestmark = pytest.mark.once

KEYS = {"type", "title", "status", "detail", "message"}


@pytest.fixture
def elsewhere(settings: Any) -> Client:
    settings.ALLOWED_HOSTS = ["cms.example.org", "secret.example.org"]
    configure(settings, BASE_URL="https://cms.example.org")
    return Client(headers={"host": "cms:8000"})


@pytest.mark.django_db
@pytest.mark.parametrize("is_secure", [False, True], ids=["plain", "redirecting"])
def test_whoever_asks_at_an_internal_address_is_told_where_to_ask(
    elsewhere: Client, settings: Any, is_secure: bool
) -> None:
    settings.SECURE_SSL_REDIRECT = is_secure
    answer = elsewhere.get("/api/v2/pages/")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()) == KEYS
    assert answer.json()["detail"] == (
        "The API does not answer at the host cms:8000. Ask at cms.example.org, in the address or the header Host. Or "
        "let the setting ALLOWED_HOSTS name the host."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["<script>", 'a"b', "a b", ""])
def test_what_is_no_host_is_not_repeated(elsewhere: Client, host: str) -> None:
    detail = elsewhere.get("/api/v2/pages/", headers={"host": host}).json()["detail"]
    assert detail.startswith("The API does not answer at this host. Ask at cms.example.org")


@pytest.mark.django_db
def test_elsewhere_a_bad_host_is_djangos_own_page(elsewhere: Client) -> None:
    answer = elsewhere.get("/admin/")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "text/html; charset=utf-8"
