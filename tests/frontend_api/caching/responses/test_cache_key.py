"""What an answer could vary by is in the key that it is kept under, or reaches no view."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend_api.caching.responses.cache_key import Environ, key, plain
from tests.frontend_api.caching.scene import Asking, Scene

pytestmark = pytest.mark.once

NAMES = [
    *("HTTP_HOST", "PATH_INFO", "QUERY_STRING", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT"),
    *("HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE", "HTTP_ORIGIN", "HTTP_RANGE"),
    *("HTTP_SEC_CH_UA", "HTTP_USER_AGENT", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST"),
    *("HTTP_X_FORWARDED_PROTO", "HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_ORIGINAL_URL"),
    *("CONTENT_LENGTH", "CONTENT_TYPE", "REMOTE_ADDR", "REMOTE_USER", "SERVER_PROTOCOL"),
    *("REDIRECT_URL", "SCRIPT_URL", "SSL_CLIENT_CERT", "wsgi.url_scheme"),
]
SERVERS = ("wsgi.input", "frontend_api.")
environs = st.dictionaries(st.sampled_from(NAMES) | st.text(min_size=1), st.sampled_from("ab"))


@given(environs, environs, st.booleans())
def test_two_requests_that_a_view_can_tell_apart_have_two_keys(
    one: Environ, other: Environ, trusts_proxy: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.USE_X_FORWARDED_HOST", trusts_proxy)
        header = ("HTTP_X_FORWARDED_PROTO", "https") if trusts_proxy else None
        patch.setattr("django.conf.settings.SECURE_PROXY_SSL_HEADER", header)
        seen = [
            # The server's side of a request is no client's to choose.
            {name: value for name, value in plain(asked).items() if not name.startswith(SERVERS)}
            for asked in (one, other)
        ]
        is_alike = key(one, "epoch") == key(other, "epoch")
        assert is_alike == (seen[0] == seen[1])


@given(environs)
def test_nothing_reaches_a_view_but_what_is_named(environ: Environ) -> None:
    constant = {"REMOTE_ADDR": "", "REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"}
    named = {*NAMES[:6], "REDIRECT_URL", "SCRIPT_URL", "wsgi.url_scheme", *constant}
    seen = plain(environ)
    assert {name for name in seen if not name.startswith(("wsgi.", "frontend_api."))} <= named
    assert {name: seen[name] for name in constant} == constant


def test_servers_with_other_names_share_what_is_kept() -> None:
    asked = {"HTTP_HOST": "cms.example.org", "PATH_INFO": "/api/v2/pages/"}
    one, other = ({**asked, "SERVER_NAME": name} for name in ("a.internal", "b.internal"))
    assert key(one, "epoch") == key(other, "epoch")
    assert plain(one) == plain(other)
    # Without a host, it is by the name of the server that addresses are made absolute.
    del one["HTTP_HOST"], other["HTTP_HOST"]
    assert key(one, "epoch") != key(other, "epoch")


@pytest.mark.parametrize(
    "header", ["Accept-Language", "User-Agent", "X-Forwarded-For", "Sec-CH-UA", "X-Anything"]
)
def test_a_header_that_nobody_named_is_seen_by_no_view(
    ask: Asking, scene: Scene, header: str
) -> None:
    ask(**{header.replace("-", "_"): "something special"})
    [asked] = scene.asked
    assert "something special" not in map(str, asked.values())
    name = "HTTP_" + header.upper().replace("-", "_")
    assert name not in asked


def test_an_address_that_a_client_has_is_seen_by_no_view(ask: Asking, scene: Scene) -> None:
    environ: dict[str, Any] = {"REMOTE_ADDR": "192.0.2.1", "REMOTE_USER": "mira"}
    ask(environ=environ)
    [asked] = scene.asked
    assert asked["REMOTE_ADDR"] == ""
    assert "REMOTE_USER" not in asked
