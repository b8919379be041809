"""The settings for services that `docs/operators.md` shows, with a server here that speaks as a service does."""

import re
from pathlib import Path
from typing import Any

import pytest
from wagtail.contrib.frontend_cache.backends import CloudfrontBackend

from frontend_api.caching.cdn.backends import HttpTagBackend
from frontend_api.caching.cdn.targets import configured
from tests.frontend_api.caching.cdn.conftest import CacheServer

pytestmark = pytest.mark.once

GUIDE = Path(__file__).resolve().parents[4] / "docs" / "operators.md"


@pytest.fixture
def documented(settings: Any) -> dict[str, dict[str, Any]]:
    """The setting that the guide shows, put where Wagtail finds it."""
    text = GUIDE.read_text(encoding="utf-8")
    (code,) = re.findall(
        r"```python\n(from cms\.settings\.production import \*\n.*?)```", text, re.S
    )
    names: dict[str, Any] = {"WAGTAILFRONTENDCACHE": {"a": {"BACKEND": "given.by.Environment"}}}
    exec(compile(code.partition("\n")[2], str(GUIDE), "exec"), names)
    shown: dict[str, dict[str, Any]] = names["WAGTAILFRONTENDCACHE"]
    assert list(shown) == ["a", "fastly", "cloudfront"]
    del shown["a"]
    settings.WAGTAILFRONTENDCACHE = shown
    return shown


def test_fastly_is_posted_256_names_with_a_token(
    documented: dict[str, dict[str, Any]], server: CacheServer
) -> None:
    options = documented["fastly"]
    service = "https://api.fastly.com/service/SERVICE_ID/purge"
    assert options["LOCATION"] == service
    options["LOCATION"] = service.replace("https://api.fastly.com", server.address)
    options["HEADERS"] = dict.fromkeys(options["HEADERS"], "secret")
    # It answers with a number for each name.
    server.body = b'{"i5xV9I4JFH": "1-1700000000-1"}'
    [target] = [one for one in configured() if one.name == "fastly"]
    assert (target.kind, target.takes_tags) == (HttpTagBackend, True)
    target.backend().purge_tags([f"name{number}" for number in range(257)])
    heard = server.heard()
    assert [len(one.names) for one in heard] == [256, 1]
    for one in heard:
        assert (one.method, one.path) == ("POST", "/service/SERVICE_ID/purge")
        assert one.headers["Fastly-Key"] == "secret"
        assert one.body == b""


def test_cloudfront_is_purged_by_address_and_takes_wildcards(
    documented: dict[str, dict[str, Any]],
) -> None:
    [target] = [one for one in configured() if one.name == "cloudfront"]
    assert (target.kind, target.takes_tags) == (CloudfrontBackend, False)
    assert target.takes_wildcards
    assert set(documented["cloudfront"]) == {"BACKEND", "DISTRIBUTION_ID"}
