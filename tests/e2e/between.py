"""Stands between the API and who asks it, and remembers what was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP_BY_HOP = {"connection", "host", "keep-alive", "transfer-encoding"}


class Between:
    """Passes requests on; `asked` has the address of each, below the API, that is no question for changes."""

    address = ""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.heard: list[str] = []
        """The addresses of the questions for changes that were answered."""


@contextmanager
def between(port: int) -> Iterator[Between]:
    """Stand in front of the server at a port of this machine."""
    place = Between()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = self.path.removeprefix("/api/v2/")
            is_feed = address.startswith("changes/")
            if not is_feed:
                place.asked.append(address)
            sent = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP}
            connection = HTTPConnection("localhost", port, timeout=40)
            try:
                connection.request("GET", self.path, headers=sent)
                response = connection.getresponse()
                body = response.read()
            finally:
                connection.close()
            self.send_response(response.status)
            for name, value in response.getheaders():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            if is_feed:
                place.heard.append(address)

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place.address = f"http://127.0.0.1:{server.server_port}/api/v2/"
    try:
        yield place
    finally:
        server.shutdown()
        # Not those that are held: their servers end after this one.
        server.block_on_close = False
        server.server_close()
