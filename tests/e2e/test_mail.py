"""A mail server that hangs delays no editor and no reader, and gets the mail once it answers."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests import factories

from .asking import Place, get, post, publish
from .servers import end, free_port, start

THREADS = 3
"""How many requests the server of the tests answers at a time."""


class MailServer:
    """Takes every connection, says nothing until it is told to answer, and keeps what it is sent then."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.is_asked = threading.Event()
        self.mails: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                # It was closed.
                return
            self.is_asked.set()
            threading.Thread(target=self._talk, args=[connection], daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        self.answers.wait()
        # Who waited for an answer may be gone.
        with (
            suppress(ConnectionError),
            connection,
            connection.makefile("rw", newline="\r\n") as stream,
        ):

            def say(line: str) -> None:
                stream.write(f"{line}\r\n")
                stream.flush()

            say("220 here")
            for line in stream:
                command = line.strip().upper()
                if command == "DATA":
                    say("354 go on")
                    text = "".join(iter(stream.readline, ".\r\n"))
                    self.mails.append(text)
                say("221 bye" if command == "QUIT" else "250 yes")

    def close(self) -> None:
        """Take no more."""
        self._socket.close()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that hangs."""
    server = MailServer()
    yield server
    server.answers.set()
    server.close()


def test_a_mail_server_that_hangs_delays_nobody(place: Place, mail_server: MailServer) -> None:
    addresses = [f"somebody{number}@example.org" for number in range(2 * THREADS)]
    for address in addresses:
        factories.UserFactory(email=address)
    port = free_port()
    environment = {
        **place.environment,
        "DJANGO_SETTINGS_MODULE": "tests.e2e.settings_with_mail",
        "MAIL_PORT": str(mail_server.port),
        # Longer than anything here waits for an answer.
        "EMAIL_TIMEOUT": "600",
    }
    server = start("wsgi", port, "cms.wsgi:application", "/api/v2/site/", environment)
    try:
        # More than the server has threads, each of which would wait for the mail server.
        for address in addresses:
            assert post(port, "/admin/password_reset/", place, {"email": address}) == 302
        assert mail_server.is_asked.wait(30)
        for number, key in enumerate(place.pages, 1):
            assert publish(port, place, key, number)
            status, body = get(port, f"insights/{key}/")
            assert status == 200
            assert f"Title {number}".encode() in body
        assert mail_server.mails == []
        mail_server.answers.set()
        for _ in range(600):
            if len(mail_server.mails) == 2 * THREADS:
                break
            time.sleep(0.1)
    finally:
        end(server)
    assert len(mail_server.mails) == 2 * THREADS
    assert all(any(f"To: {one}" in mail for mail in mail_server.mails) for one in addresses)
