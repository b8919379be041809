"""A request goes to the public internet or where the operator allows, is over in ten seconds, and keeps 64 kB."""

import datetime
import http.server
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from frontend_api.outgoing import addresses, connections
from frontend_api.outgoing.tag_request import Filled
from frontend_api.webhooks import sending
from frontend_api.webhooks.sending import BadAddress, check_address, send
from tests.configure import configure

from .conftest import Receiver

pytestmark = pytest.mark.once

NOT_PUBLIC = "Its host is not known, or is no public one; WEBHOOK_HOSTS can name it."
PUBLIC = "93.184.216.34"


def request(url: str, **values: Any) -> Filled:
    return Filled(**{"method": "POST", "url": url, "headers": {}, "body": b"{}", **values})


def test_what_was_taken_is_known_with_what_came_back(receiver: Receiver) -> None:
    receiver.statuses, receiver.body = [200], b"Thank you\0"
    answer = send(request(f"{receiver.address}/a%20b?c=d", headers={"X-Own": "1"}))
    assert (answer.status, answer.body, answer.error, answer.is_taken) == (
        200,
        "Thank you�",
        "",
        True,
    )
    [heard] = receiver.heard
    assert (heard.method, heard.path, heard.body) == ("POST", "/a%20b?c=d", b"{}")
    assert heard.headers["x-own"] == "1"


@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "fd00:ec2::254", "0.0.0.0"],
)
def test_nothing_inside_is_reached(
    inside: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    configure(settings, WEBHOOK_HOSTS=[])
    connected: list[str] = []
    monkeypatch.setattr(
        connections, "connect", lambda address, port, timeout: connected.append(address)
    )
    # As the system's resolver answers.
    monkeypatch.setattr(addresses, "resolve", lambda host, port: [host])
    shown = f"[{inside}]" if ":" in inside else inside
    assert send(request(f"https://{shown}/")).error == NOT_PUBLIC
    # A public address beside it helps nothing.
    monkeypatch.setattr(addresses, "resolve", lambda host, port: [PUBLIC, inside])
    assert send(request("https://receiver.example/")).error == NOT_PUBLIC
    assert not connected


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    configure(settings, WEBHOOK_HOSTS=[])
    said = iter([[PUBLIC], ["127.0.0.1"]])
    connected: list[str] = []

    def connect(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
        connected.append(address)
        raise httpcore.ConnectError

    monkeypatch.setattr(addresses, "resolve", lambda host, port: next(said))
    monkeypatch.setattr(connections, "connect", connect)
    assert send(request("https://rebinding.example/")).error
    assert connected == [PUBLIC]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    receiver.statuses, receiver.headers = [status], {"Location": f"{receiver.address}/inside"}
    answer = send(request(f"{receiver.address}/hook"))
    assert answer.error == f"It answers {status} and leads elsewhere, where nothing is sent."
    assert [heard.path for heard in receiver.heard] == ["/hook"]


def test_an_answer_is_cut(receiver: Receiver) -> None:
    receiver.statuses, receiver.body = [500], b"x" * 300_000
    answer = send(request(receiver.address))
    assert (answer.status, len(answer.body)) == (500, 64 * 1024)
    assert answer.error == "It answers 500."


@pytest.fixture
def raw() -> Iterator[tuple[str, list[bytes]]]:
    """A server that says the pieces of a list, one each tenth of a second, and then waits."""
    pieces: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    try:
                        for piece in pieces:
                            connection.sendall(piece)
                            time.sleep(0.1)
                        connection.settimeout(3)
                        while connection.recv(1000):
                            """Wait until the other side has gone."""
                    except OSError:
                        continue

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", pieces
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.mark.parametrize(
    "pieces",
    [[], [b"HTTP/1.1 200 OK\r\nX: "] + [b"x"] * 50, [b"HTTP/1.1 200 OK\r\n\r\n"] + [b"x"] * 50],
)
def test_it_is_over_in_time_however_slowly_something_comes(
    raw: tuple[str, list[bytes]],
    pieces: list[bytes],
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:
    configure(settings, WEBHOOK_HOSTS=["127.0.0.1"])
    assert sending.SECONDS == 10
    monkeypatch.setattr(sending, "SECONDS", 0.5)
    address, said = raw
    said += pieces
    began = time.monotonic()
    answer = send(request(address))
    assert time.monotonic() - began < 2
    assert answer.error == "It does not answer within 0.5 seconds."


def test_what_is_no_http_is_told(raw: tuple[str, list[bytes]], settings: Any) -> None:
    configure(settings, WEBHOOK_HOSTS=["127.0.0.1"])
    address, said = raw
    said.append(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    assert send(request(address)).error == "What it answers is no HTTP."


def test_nobody_there_is_told(settings: Any) -> None:
    configure(settings, WEBHOOK_HOSTS=["127.0.0.1"])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    said = send(request(f"http://127.0.0.1:{port}/")).error
    assert said == "It cannot be connected to, or ends the connection."


def certificate(folder: Path, *names: x509.GeneralName) -> Path:
    """Write a key and a certificate for these names, signed by itself, into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A server with TLS and a certificate of its own, for 127.0.0.1; its port, and the certificate."""
    path = certificate(tmp_path, x509.IPAddress(ipaddress.ip_address("127.0.0.1")))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            """Say nothing."""

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *arguments: Any) -> None:
            """Who does not trust the certificate ends the connection."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with Server(("127.0.0.1", 0), Handler) as running:
        running.socket = context.wrap_socket(running.socket, server_side=True)
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running.server_address[1], path
        running.shutdown()
    thread.join()


def test_a_certificate_has_to_be_trusted_and_of_the_host(
    secured: tuple[int, Path], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    configure(settings, WEBHOOK_HOSTS=["127.0.0.1", "localhost"])
    port, path = secured
    distrusted = "Its certificate is not to be trusted, or is another host's."
    assert send(request(f"https://127.0.0.1:{port}/")).error == distrusted
    # As an operator lets an authority of their own be trusted.
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    sending._tls.cache_clear()
    try:
        assert send(request(f"https://127.0.0.1:{port}/")).status == 200
        assert send(request(f"https://localhost:{port}/")).error == distrusted
    finally:
        sending._tls.cache_clear()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "begins with https://"),
        ("receiver.example", "begins with https://"),
        ("ftp://receiver.example/", "begins with https://"),
        ("file:///etc/passwd", "begins with https://"),
        ("https://", "begins with https://"),
        ("https://a.example:0/", "begins with https://"),
        ("https://a.example:99999/", "no address of the web"),
        ("https://[::1/", "no address of the web"),
        ("https://user:pw@a.example/", "Authorization"),
        ("https://a.example/#x", "sent to nobody"),
        ("http://a.example/", "begins with http://"),
        ("http://127.0.0.1.nip.example/", "begins with http://"),
    ],
)
def test_an_address_that_nothing_is_sent_to_is_told(address: str, said: str, settings: Any) -> None:
    configure(settings, WEBHOOK_HOSTS=["127.0.0.1"])
    with pytest.raises(BadAddress, match=said):
        check_address(address)
    assert said in send(request(address)).error


def test_an_address_is_sent_to_as_it_is_meant(settings: Any) -> None:
    configure(settings, WEBHOOK_HOSTS=["builder"])
    assert check_address("https://Bücher.example/ä?ö=1") == (
        "https://xn--bcher-kva.example/%C3%A4?%C3%B6=1"
    )
    assert check_address("http://builder:8080") == "http://builder:8080/"
    assert check_address("https://[2606:4700::1111]/x") == "https://[2606:4700::1111]/x"


@given(st.text(max_size=60))
def test_whatever_is_typed_ends_in_a_sentence(text: str) -> None:
    for address in (text, f"https://{text}", f"https://a.example/{text}"):
        try:
            sent = check_address(address)
        except BadAddress:
            # Not a traceback, and the form says why.
            continue
        assert sent.startswith("https://")
        assert sent.isascii()
