"""The proxies of `deploy/`, run as they stand there: what they let through, what they keep away, and what they say."""

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import NamedTuple

import pytest

from .proxies import HOST, Backend, backend, caddy, nginx, trusting
from .servers import free_port

pytestmark = pytest.mark.once

DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


class Proxy(NamedTuple):
    """One of the two, in front of `Backend`."""

    name: str
    folder: Path
    port: int

    def connect(self) -> HTTPConnection:
        """Return a connection to it: nginx has TLS, Caddy does without it here."""
        if self.name == "caddy":
            return HTTPConnection("127.0.0.1", self.port, timeout=20)
        context = trusting(self.folder)
        context.check_hostname = False
        return HTTPSConnection("127.0.0.1", self.port, timeout=20, context=context)

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[HTTPResponse, str]:
        """Return what it answers, and the body of that."""
        connection = self.connect()
        try:
            connection.request(
                method,
                path,
                body=body,
                headers={"Host": HOST}
                | {name.replace("_", "-"): value for name, value in headers.items()},
            )
            response = connection.getresponse()
            return response, response.read().decode()
        finally:
            connection.close()


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy")
    with backend() as port:
        if request.param == "nginx":
            with nginx(folder, [port]) as (_, https):
                yield Proxy("nginx", folder, https)
        else:
            with caddy(folder, [port]) as http:
                yield Proxy("caddy", folder, http)


def test_the_cms_learns_who_asks_and_how_whatever_clients_say(proxy: Proxy) -> None:
    lies = {"X_Forwarded_For": "192.0.2.1", "X_Forwarded_Proto": "gopher", "X_Request_ID": "lie"}
    response, said = proxy.ask("/api/v2/site/", **lies)
    assert response.status == 200
    scheme = "http" if proxy.name == "caddy" else "https"
    assert f"X-Forwarded-Proto: {scheme}\n" in said
    assert "X-Forwarded-For: 127.0.0.1\n" in said
    assert f"Host: {HOST}" in said
    assert "X-Request-I" in said
    for lie in lies.values():
        assert lie not in said


def test_what_is_not_for_the_public_never_comes_to_the_cms(proxy: Proxy) -> None:
    folder = proxy.folder / "media" / "documents"
    folder.mkdir(exist_ok=True)
    (folder / "a.txt").write_text("private")
    Backend.asked.clear()
    for path in ("/livez", "/readyz", "/metrics", "/metrics/", "/media/documents/a.txt"):
        response, said = proxy.ask(path)
        assert response.status == 404, path
        assert "private" not in said
    assert Backend.asked == []


def test_media_come_from_their_folder_and_run_nothing(proxy: Proxy) -> None:
    (proxy.folder / "media" / "drawing.svg").write_bytes(DRAWING)
    Backend.asked.clear()
    response, said = proxy.ask("/media/drawing.svg")
    assert (response.status, said) == (200, DRAWING.decode())
    assert response.getheader("Content-Type") == "image/svg+xml"
    assert response.getheader("X-Content-Type-Options") == "nosniff"
    assert "sandbox" in (response.getheader("Content-Security-Policy") or "")
    assert "max-age=31536000" in (response.getheader("Strict-Transport-Security") or "")
    assert proxy.ask("/media/missing.svg")[0].status == 404
    (proxy.folder / "outside.txt").write_text("outside")
    for path in ("/media/../outside.txt", "/media/%2e%2e/outside.txt", "/media/..%2foutside.txt"):
        assert "outside\n" not in f"{proxy.ask(path)[1]}\n".replace(path, "")
    assert proxy.ask("/media/drawing.svg", "PUT", b"x")[0].status in {403, 405}


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/admin/images/add/", 26 * 1024 * 1024, 200),
        ("/admin/images/add/", 31 * 1024 * 1024, 413),
        ("/admin/login/", 10_000, 200),
        ("/admin/login/", 70_000, 413),
        ("/api/v2/pages/", 20_000, 413),
    ],
)
def test_a_body_has_a_limit(proxy: Proxy, path: str, size: int, status: int) -> None:
    connection = proxy.connect()
    try:
        try:
            connection.request("POST", path, body=b"x" * size, headers={"Host": HOST})
        except (BrokenPipeError, ConnectionResetError):
            # It was refused before it was sent to its end.
            assert status == 413
        response = connection.getresponse()
        said = response.read().decode()
        if proxy.name == "caddy" and status == 413:
            # It passes a request on while it is sent; what is too much never comes to the CMS.
            assert response.status in {413, 502}
            return
        assert response.status == status
        if status == 200:
            assert f"read: {size}\n" in said
    finally:
        connection.close()


def test_headers_have_a_limit(proxy: Proxy) -> None:
    Backend.asked.clear()
    assert proxy.ask("/api/v2/site/", Cookie="x" * 10_000)[0].status == 200
    assert proxy.ask("/api/v2/site/", Cookie="x" * 60_000)[0].status in {400, 431, 494}
    assert len(Backend.asked) == 1


def test_whoever_tries_passwords_is_slowed_down_and_one_s_own_network_is_not(
    tmp_path: Path,
) -> None:
    for is_own, most in ((False, 11), (True, 14)):
        folder = tmp_path / str(is_own)
        folder.mkdir()
        with backend() as port, nginx(folder, [port], is_own=is_own) as (_, https):
            proxy = Proxy("nginx", folder, https)
            paths = ("/admin/login/", "/admin/session/login/", "/admin/login/second-factor/x/")
            answers = [proxy.ask(paths[n % 3], "POST", b"x")[0].status for n in range(14)]
            assert answers.count(200) == most
            assert set(answers) <= {200, 429}
            # Readers are not.
            assert {proxy.ask("/api/v2/site/")[0].status for _ in range(9)} == {200}


def test_nginx_hides_secrets_in_addresses_and_leads_to_https(tmp_path: Path) -> None:
    with backend() as port, nginx(tmp_path, [port]) as (http, https):
        proxy = Proxy("nginx", tmp_path, https)
        proxy.ask("/api/v2/preview/?token=preview_secret")
        proxy.ask("/calendar/secret.ics")
        plain = HTTPConnection("127.0.0.1", http, timeout=5)
        plain.request("GET", "/admin/?a=b", headers={"Host": HOST})
        answer = plain.getresponse()
        assert (answer.status, answer.getheader("Location")) == (301, f"https://{HOST}/admin/?a=b")
        plain.close()
    log = (tmp_path / "access.log").read_text(encoding="utf-8")
    assert log.count('"GET /api/v2/preview/" 200') == 1
    assert log.count('"GET /calendar/*" 200') == 1
    assert "secret" not in log


def test_who_sends_slowly_holds_no_thread_of_the_cms(tmp_path: Path) -> None:
    with backend() as port, nginx(tmp_path, [port]) as (_, https):
        slow = trusting(tmp_path).wrap_socket(
            socket.create_connection(("127.0.0.1", https)), server_hostname=HOST
        )
        with slow:
            head = f"POST /admin/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 10\r\n\r\nx"
            slow.sendall(head.encode())
            # Somebody who comes later is answered first.
            assert Proxy("nginx", tmp_path, https).ask("/api/v2/site/")[0].status == 200
            assert Backend.asked == ["/api/v2/site/"]
            slow.sendall(b"x" * 9)
            assert b"read: 10" in read_all(slow)
            assert Backend.asked == ["/api/v2/site/", "/admin/login/"]


def read_all(connection: ssl.SSLSocket) -> bytes:
    """Return an answer up to its last line."""
    said = b""
    while not said.endswith(b"\n\n") and b"read: " not in said:
        said += connection.recv(4096)
    return said


def test_a_server_that_is_gone_is_passed_over(tmp_path: Path) -> None:
    with backend() as port:
        gone = free_port()
        with nginx(tmp_path, [gone, port]) as (_, https):
            proxy = Proxy("nginx", tmp_path, https)
            assert {proxy.ask("/api/v2/site/")[0].status for _ in range(6)} == {200}
            assert proxy.ask("/admin/", "POST", b"x")[0].status == 200
        (tmp_path / "caddy").mkdir()
        with caddy(tmp_path / "caddy", [gone, port]) as http:
            proxy = Proxy("caddy", tmp_path / "caddy", http)
            assert {proxy.ask("/api/v2/site/")[0].status for _ in range(6)} == {200}
