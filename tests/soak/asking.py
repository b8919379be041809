"""Asks the service as a proxy in front of it does, and notes what came of it."""

import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from django.conf import settings
from django.utils.encoding import iri_to_uri

from tests.frontend_api.caching.scene import Got

from .journal import LOST, Asked, Journal

HOST = "cms.example.org"
CSRF = "c" * 32
PATIENCE = 60


@dataclass(frozen=True)
class Client:
    """Somebody who asks the service at `port`."""

    port: int
    journal: Journal
    session: str = ""
    """The session of an editor, or none."""

    def get(self, kind: str, path: str, **headers: str) -> Got:
        """Read something."""
        return self._ask(kind, "GET", path, None, headers)

    def api(self, kind: str, path: str, **headers: str) -> Got:
        """Read something of the API."""
        return self.get(kind, f"/api/v2/{path}", **headers)

    def post(self, kind: str, path: str, form: dict[str, str]) -> Got:
        """Send a form."""
        body = urlencode({**form, "csrfmiddlewaretoken": CSRF}).encode()
        return self._ask(
            kind, "POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"}
        )

    def send_file(self, kind: str, path: str, name: str, content: bytes) -> Got:
        """Send a file, as the page for several uploads does."""
        mark = "b" * 40
        fields = {"csrfmiddlewaretoken": CSRF, "title": name, "collection": "1"}
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in fields.items()
        ]
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="files[]"; filename="{name}"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        )
        body = "".join([*parts, head]).encode() + content + f"\r\n--{mark}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={mark}",
            "X-Requested-With": "XMLHttpRequest",
        }
        return self._ask(kind, "POST", path, body, headers)

    def _ask(
        self, kind: str, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Got:
        given = {"Host": HOST, "X-Forwarded-Proto": "https", "Origin": f"https://{HOST}"}
        if self.session:
            given["Cookie"] = f"{settings.SESSION_COOKIE_NAME}={self.session}; csrftoken={CSRF}"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        began = time.monotonic()
        try:
            connection.request(method, iri_to_uri(path), body, {**given, **headers})
            answer = connection.getresponse()
            found = {name.title(): value for name, value in answer.getheaders()}
            got = Got(answer.status, found, answer.read())
        except (HTTPException, OSError) as error:
            got = Got(LOST, {}, repr(error).encode())
        finally:
            connection.close()
        self.journal.note(Asked(kind, began, time.monotonic() - began, got.status))
        return got
