"""The system check of where previews open."""

from typing import Any

import pytest
from django.core.checks import ERROR
from django.test import override_settings

from frontend_api.previews.checks import check_client_urls


@pytest.mark.parametrize(
    ("urls", "wrong"),
    [
        ({"default": "{SITE_ROOT_URL}/preview", "a.example": "https://b.example/preview"}, 0),
        ({"default": None}, 1),
        ({"default": "/preview"}, 1),
        ({"default": "{SITE}/preview"}, 1),
        ({"default": "{SITE_ROOT_URL}/preview?a=b"}, 1),
        ({"default": "https://[/preview"}, 1),
        ({"default": "https://b.example", "a.example": "b.example", "c.example": 1}, 2),
    ],
)
def test_previews_have_somewhere_to_open(urls: dict[str, Any], wrong: int) -> None:
    with override_settings(WAGTAIL_HEADLESS_PREVIEW={"CLIENT_URLS": urls}):
        assert [message.id for message in check_client_urls(None)] == ["frontend_api.E008"] * wrong


def test_a_project_without_previews_is_warned_and_not_stopped() -> None:
    with override_settings(WAGTAIL_HEADLESS_PREVIEW={}):
        [message] = check_client_urls(None)
    assert message.id == "frontend_api.W006"
    assert not message.is_serious(ERROR)
