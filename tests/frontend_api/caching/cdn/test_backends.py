"""The caches that are purged by tag, over real HTTP."""

import json
from typing import Any

import pytest
import requests

from frontend_api.caching.cdn.backends import CloudflareTagBackend, HttpTagBackend, PurgeFailed
from frontend_api.caching.cdn.checks import check_purging
from tests.frontend_api.caching.cdn.conftest import CacheServer

pytestmark = pytest.mark.once

NAMES = [f"name-{number}" for number in range(257)]
ZONE = {"ZONEID": "z1", "BEARER_TOKEN": "secret"}


def cloudflare(server: CacheServer, **options: Any) -> CloudflareTagBackend:
    """Return Cloudflare's API as this server speaks it."""
    server.body = b'{"success": true, "errors": [], "result": {"id": "z1"}}'
    return CloudflareTagBackend({"API": server.address, **(options or ZONE)})


def test_cloudflare_takes_a_hundred_tags_a_call(server: CacheServer) -> None:
    cloudflare(server).purge_tags(NAMES)
    heard = server.heard()
    assert [len(one.json["tags"]) for one in heard] == [100, 100, 57]
    assert [name for one in heard for name in one.json["tags"]] == NAMES
    for one in heard:
        assert (one.method, one.path) == ("POST", "/zones/z1/purge_cache")
        assert one.headers["Authorization"] == "Bearer secret"
        assert set(one.json) == {"tags"}


def test_cloudflare_takes_a_key_with_an_address(server: CacheServer) -> None:
    cloudflare(server, ZONEID="z1", EMAIL="us@example.org", API_KEY="key").purge_tags(["a"])
    [asked] = server.heard()
    assert (asked.headers["X-Auth-Email"], asked.headers["X-Auth-Key"]) == ("us@example.org", "key")
    assert "Authorization" not in asked.headers


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (429, b"slow down", "429 Too Many Requests"),
        (200, b"<html>", "200 OK"),
        (200, b"[]", "200 OK"),
        (200, b'{"errors": 5}', "200 OK"),
        (302, b'{"success": true}', "302 Found"),
        (
            403,
            json.dumps({"success": False, "errors": [{"code": 1, "message": "No"}, 2]}).encode(),
            "403 Forbidden No",
        ),
    ],
)
def test_what_cloudflare_does_not_purge_is_an_error(
    server: CacheServer, status: int, body: bytes, said: str
) -> None:
    backend = cloudflare(server)
    server.status, server.body = status, body
    server.headers = {"Location": f"{server.address}/elsewhere"}
    with pytest.raises(PurgeFailed) as caught:
        backend.purge_tags(["a"])
    assert str(caught.value) == said
    assert len(server.heard()) == 1


def test_an_http_cache_takes_256_names_in_a_header(server: CacheServer) -> None:
    HttpTagBackend({"LOCATION": f"{server.address}/purge"}).purge_tags(NAMES)
    heard = server.heard()
    assert [len(one.names) for one in heard] == [256, 1]
    assert [name for one in heard for name in one.names] == NAMES
    assert {(one.method, one.path) for one in heard} == {("PURGE", "/purge")}


def test_an_http_cache_may_want_another_method_and_a_secret(server: CacheServer) -> None:
    """As Fastly does."""
    backend = HttpTagBackend(
        {
            "LOCATION": f"{server.address}/service/x/purge",
            "METHOD": "POST",
            "HEADERS": {"Fastly-Key": "secret"},
        }
    )
    backend.purge_tags(["a", "b"])
    [asked] = server.heard()
    assert (asked.method, asked.path) == ("POST", "/service/x/purge")
    assert asked.headers["Surrogate-Key"] == "a b"
    assert asked.headers["Fastly-Key"] == "secret"


def test_an_http_cache_may_want_the_tags_in_a_body(server: CacheServer) -> None:
    """As the route of a frontend does that knows no method but POST."""
    options = {"LOCATION": server.address, "METHOD": "post", "BODY": '{"tags": {tags}}'}
    HttpTagBackend(options).purge_tags(NAMES)
    heard = server.heard()
    assert [one.json for one in heard] == [{"tags": NAMES[:256]}, {"tags": NAMES[256:]}]
    assert [one.names for one in heard] == [NAMES[:256], NAMES[256:]]
    assert {(one.method, one.headers["Content-Type"]) for one in heard} == {
        ("POST", "application/json")
    }


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"METHOD": "PU RGE"}, "The method is 'PU RGE'"),
        ({"METHOD": "POST", "BODY": '{"tags": {tag}}'}, "The body has {tag}"),
        ({"HEADERS": {"X Y": "1"}}, "'X Y' cannot be the name of a header"),
    ],
)
def test_a_request_that_cannot_be_made_is_said_before_any_is(
    options: dict[str, Any], said: str, settings: Any
) -> None:
    backend = "frontend_api.caching.cdn.backends.HttpTagBackend"
    settings.WAGTAILFRONTENDCACHE = {
        "cdn": {"BACKEND": backend, "LOCATION": "http://cdn.example/", **options}
    }
    [message] = check_purging(None)
    assert message.id == "frontend_api.E009"
    assert said in message.msg


@pytest.mark.parametrize("status", [301, 302, 403, 404, 500, 503])
def test_what_an_http_cache_does_not_purge_is_an_error(server: CacheServer, status: int) -> None:
    server.status, server.headers = status, {"Location": f"{server.address}/elsewhere"}
    with pytest.raises(PurgeFailed, match=str(status)):
        HttpTagBackend({"LOCATION": server.address}).purge_tags(["a"])
    assert len(server.heard()) == 1


def test_a_cache_that_is_not_there_is_an_error() -> None:
    with pytest.raises(requests.ConnectionError):
        HttpTagBackend({"LOCATION": "http://127.0.0.1:9/"}).purge_tags(["a"])
