"""What is fetched comes from the public internet alone, in little time and of little size; the rest is a sentence."""

import gzip
import http.server
import ipaddress
import time
import zlib
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import httpcore
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms import fetching
from cms.fetching import Unfetchable, fetch
from frontend_api.outgoing import connections
from frontend_api.outgoing.addresses import is_public
from tests.internet import PUBLIC, Internet, internet, page, raw, redirect, server

pytestmark = pytest.mark.once

__all__ = ["internet", "server"]

HTML = ("text/html", "application/xhtml+xml")
MEGABYTE = 1024 * 1024


def refusal(url: str, seconds: float = 5) -> str:
    """Return the sentence with which something is not fetched."""
    with pytest.raises(Unfetchable) as caught:
        fetch(url, HTML, 2 * MEGABYTE, seconds)
    text = str(caught.value)
    assert text.endswith((".", "?"))
    return text


NOTHING = "Nothing could be fetched from there. Is the address right?"


def test_a_page_is_fetched(internet: Internet) -> None:
    url = internet.at("/page", page(b"<p>Hello", "text/html; charset=iso-8859-1"))
    found = fetch(url, HTML, MEGABYTE)
    assert (found.body, found.charset, found.content_type) == (
        b"<p>Hello",
        "iso-8859-1",
        "text/html",
    )
    assert internet.connected == [PUBLIC]


def test_a_packed_page_is_unpacked(internet: Internet) -> None:
    url = internet.at("/page", page(gzip.compress(b"<p>Hello"), Content_Encoding="gzip"))
    assert fetch(url, HTML, MEGABYTE).body == b"<p>Hello"


def test_redirects_are_followed_to_a_page(internet: Internet) -> None:
    internet.at("/b", page(b"<p>There"))
    url = internet.at("/a", redirect("/b"))
    assert fetch(url, HTML, MEGABYTE).url == "http://example.org/b"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "to",
    [
        "http://internal.example/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "//internal.example/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "http://example.org:22/",
        "http://user:password@example.org/",
        "http://[/",
        "",
    ],
)
def test_a_redirect_is_checked_anew(internet: Internet, to: str, status: int) -> None:
    internet.names["internal.example"] = [["10.0.0.1"]]
    url = internet.at("/a", redirect(to, status))
    refusal(url)
    assert set(internet.connected) == {PUBLIC}


def test_a_name_that_says_something_else_the_second_time_is_asked_once(internet: Internet) -> None:
    url = internet.at("/page", page(b"<p>Hello"))
    internet.names["example.org"] = [[PUBLIC], ["127.0.0.1"]]
    fetch(url, HTML, MEGABYTE)
    assert internet.connected == [PUBLIC]
    assert refusal(url) == NOTHING
    assert internet.connected == [PUBLIC]


def test_redirects_end(internet: Internet) -> None:
    url = internet.at("/a", redirect("/a"))
    assert "without an end" in refusal(url)
    assert len(internet.asked) == fetching.MOST_REDIRECTS + 1


hosts = st.sampled_from(["one.example", "two.example", "three.example"])
urls = st.one_of(
    st.builds("http://{}/{}".format, hosts, st.sampled_from("abc")),
    st.builds("http://{}/".format, st.ip_addresses(v=4).map(str)),
    st.builds("http://[{}]/".format, st.ip_addresses(v=6).map(str)),
    st.builds("http://{}:{}/".format, hosts, st.integers(0, 70000)),
    st.text(max_size=30).map(lambda text: f"http://{text}"),
    st.text(max_size=30),
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(
    first=urls,
    names=st.fixed_dictionaries(
        {
            host: st.lists(
                st.lists(st.ip_addresses().map(str) | st.just(PUBLIC), min_size=1, max_size=2),
                min_size=1,
                max_size=3,
            )
            for host in ("one.example", "two.example", "three.example")
        }
    ),
    redirects=st.dictionaries(st.sampled_from(["/a", "/b", "/c", "/"]), urls, max_size=4),
)
def test_only_public_addresses_are_ever_connected_to(
    internet: Internet, first: str, names: Any, redirects: dict[str, str]
) -> None:
    internet.connected.clear()
    internet.names = names
    internet.answers = {path: page(b"<p>Hello") for path in ("/", "/a", "/b", "/c")}
    for path, to in redirects.items():
        internet.answers[path] = redirect(quote(to, safe=":/[]?#@"))
    with suppress(Unfetchable):
        fetch(first, HTML, MEGABYTE)
    assert all(is_public(ipaddress.ip_address(found)) for found in internet.connected)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(st.binary(max_size=300))
def test_whatever_a_server_says_is_a_page_or_a_sentence(internet: Internet, said: bytes) -> None:
    url = internet.at("/any", raw(said))
    with suppress(Unfetchable):
        fetch(url, HTML, MEGABYTE, 2)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "//example.org/",
        "https://",
        "http:///page",
        "http://exa mple.org/",
        "http://example.org:port/",
        "http://example.org:99999/",
        "http://example.org:8080/",
        "http://..example/",
        "http://" + "a" * 70 + ".example/",
        "javascript:alert(1)",
        "data:text/html,<p>",
        "http://user@example.org/",
        "http://example.org\x00/",
        "http://[::ffff:127.0.0.1]/",
        "http://\u2460\u2461\u2466.0.0.1/",
    ],
)
def test_what_is_no_address_of_a_page_is_a_sentence(internet: Internet, url: str) -> None:
    internet.names["example.org"] = [[PUBLIC]]
    assert refusal(url) == NOTHING
    assert internet.connected == []


class TestLimits:
    def test_a_page_that_is_too_large(self, internet: Internet) -> None:
        url = internet.at("/page", page(b"x" * (3 * MEGABYTE)))
        assert "too large" in refusal(url)

    @pytest.mark.parametrize("encoding", ["gzip", "deflate"])
    def test_a_small_one_that_unpacks_to_much(self, internet: Internet, encoding: str) -> None:
        pack = gzip.compress if encoding == "gzip" else zlib.compress
        url = internet.at("/page", page(pack(b"\0" * (200 * MEGABYTE)), Content_Encoding=encoding))
        assert "too large" in refusal(url)

    def test_a_body_without_an_end(self, internet: Internet) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        url = internet.at("/page", raw(head, *[b"x" * MEGABYTE] * 50))
        assert "too large" in refusal(url)

    def test_headers_without_an_end(self, internet: Internet) -> None:
        url = internet.at(
            "/page", raw(b"HTTP/1.1 200 OK\r\n", *[b"X-Y: " + b"z" * 50_000 + b"\r\n"] * 200)
        )
        assert refusal(url)

    @pytest.mark.parametrize(
        "head", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"]
    )
    def test_drop_by_drop(self, internet: Internet, head: bytes) -> None:
        url = internet.at("/page", raw(head, *[b"x"] * 100, pause=0.05))
        started = time.monotonic()
        assert refusal(url, 0.5) == NOTHING
        assert time.monotonic() - started < 3

    def test_silence(self, internet: Internet) -> None:
        url = internet.at("/page", raw(b"", pause=4))
        started = time.monotonic()
        assert refusal(url, 0.3) == NOTHING
        assert time.monotonic() - started < 3

    def test_redirects_share_the_time(self, internet: Internet) -> None:
        def slow(handler: http.server.BaseHTTPRequestHandler) -> None:
            time.sleep(0.3)
            redirect("/a")(handler)

        url = internet.at("/a", slow)
        started = time.monotonic()
        assert refusal(url, 0.5) == NOTHING
        assert time.monotonic() - started < 3

    def test_several_addresses_share_the_time(
        self, internet: Internet, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = internet.at("/page", page(b"<p>Hello"))
        internet.names["example.org"] = [["8.8.8.8", PUBLIC]]

        def connect(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
            if address == "8.8.8.8":
                raise httpcore.ConnectTimeout
            return internet.connect(address, port, timeout)

        monkeypatch.setattr(connections, "connect", connect)
        assert fetch(url, HTML, MEGABYTE).body == b"<p>Hello"


class TestRefused:
    def test_another_type(self, internet: Internet) -> None:
        url = internet.at("/page", page(b"%PDF", "application/pdf"))
        assert "something else" in refusal(url)

    def test_no_type(self, internet: Internet) -> None:
        url = internet.at("/page", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"))
        assert "something else" in refusal(url)

    @pytest.mark.parametrize("status", [204, 304, 401, 403, 404, 500])
    def test_an_answer_without_a_page(self, internet: Internet, status: int) -> None:
        head = f"HTTP/1.1 {status} No\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"
        assert str(status) in refusal(internet.at("/page", raw(head.encode())))

    def test_a_packing_that_was_not_asked_for(self, internet: Internet) -> None:
        url = internet.at("/page", page(b"abc", Content_Encoding="br"))
        assert refusal(url) == NOTHING

    def test_what_only_says_that_it_is_packed(self, internet: Internet) -> None:
        url = internet.at("/page", page(b"not packed", Content_Encoding="gzip"))
        assert refusal(url) == NOTHING

    def test_a_certificate_that_nobody_vouches_for(self, internet: Internet) -> None:
        internet.at("/", page(b"<p>Hello"))
        # The server does not even speak TLS; what is not verified is not read.
        assert refusal("https://example.org/") == NOTHING
        assert internet.asked == []

    def test_closed_and_private_and_unknown_sound_alike(
        self, internet: Internet, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        internet.names |= {"private.example": [["10.0.0.1"]], "closed.example": [[PUBLIC]]}

        def closed(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
            raise httpcore.ConnectError

        monkeypatch.setattr(connections, "connect", closed)
        told = {refusal(f"http://{host}.example/") for host in ("private", "closed", "unknown")}
        assert told == {NOTHING}
