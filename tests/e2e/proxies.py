"""A real nginx and a real Caddy with the configurations of `deploy/`, and what stands in for the CMS behind them."""

import datetime
import os
import re
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .recipes import program
from .servers import ROOT, end, free_port, wait_for_port

DEPLOY = ROOT / "deploy"
HOST = "cms.example.org"
HOSTS = [HOST, "www.example.org"]


class Backend(BaseHTTPRequestHandler):
    """Says what it was asked, in the place of the CMS; what it was sent is counted."""

    protocol_version = "HTTP/1.1"
    asked: list[str] = []

    def do_GET(self) -> None:
        """Answer with the headers of the request, and with the size of its body."""
        size = int(self.headers.get("Content-Length") or 0)
        type(self).asked.append(self.path)
        read = len(self.rfile.read(size))
        said = f"{self.headers}\nread: {read}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(said)

    do_POST = do_HEAD = do_GET

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def backend() -> Iterator[int]:
    """Serve `Backend`, and give its port."""
    Backend.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certificate(folder: Path) -> None:
    """Write a certificate for `HOSTS` that nobody else signed, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(issuer)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in HOSTS]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def trusting(folder: Path) -> ssl.SSLContext:
    """Return what trusts that certificate."""
    return ssl.create_default_context(cafile=str(folder / "fullchain.pem"))


def replaced(text: str, replacements: dict[str, str]) -> str:
    """Replace what an operator has to replace; each has to be there."""
    for old, new in replacements.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(
    folder: Path, upstreams: list[int], *, is_own: bool = True, has_tls: bool = True
) -> Iterator[tuple[int, int]]:
    """Run nginx with `deploy/nginx/`, in front of servers at some ports, and give its ports for http and https.

    With `is_own` whoever asks is in one of one's own networks, which have no limit of rate. Without TLS, the second
    port speaks plain HTTP.
    """
    found = program("nginx", "nginx-light")
    http, https = free_port(), free_port()
    certificate(folder)
    media = folder / "media"
    media.mkdir(exist_ok=True)
    changes = {
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen 443 ": f"listen 127.0.0.1:{https} ",
        "/etc/ssl/cms/": f"{folder}/",
        "/srv/media": str(media),
        "/var/log/nginx/cms.log": str(folder / "access.log"),
    }
    if not is_own:
        changes["    127.0.0.0/8 1;\n"] = ""
    if not has_tls:
        changes[f"listen 127.0.0.1:{https} ssl http2;"] = f"listen 127.0.0.1:{https};"
    (folder / "cms.conf").write_text(
        replaced((DEPLOY / "nginx" / "cms.conf").read_text(encoding="utf-8"), changes)
    )
    local = (DEPLOY / "nginx" / "upstreams" / "local.conf").read_text(encoding="utf-8")
    stated = re.findall(r"^    server 127\.0\.0\.1:\d+( .+;)$", local, re.MULTILINE)
    rest = stated[0]
    servers = "\n".join(f"    server 127.0.0.1:{port}{rest}" for port in upstreams)
    (folder / "upstreams.conf").write_text(
        re.sub(r"(^    server .+$\n)+", f"{servers}\n", local, count=1, flags=re.MULTILINE)
    )
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    account = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{account}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        "worker_processes 1;\nevents {}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\n{temporary}\n"
        f"include {folder}/upstreams.conf;\ninclude {folder}/cms.conf;\n}}\n"
    )
    process = subprocess.Popen(
        [
            found,
            "-c",
            str(folder / "nginx.conf"),
            "-p",
            str(folder),
            "-e",
            str(folder / "error.log"),
        ],
        start_new_session=True,
    )
    try:
        wait_for_port(https, process)
        yield http, https
    finally:
        end(process)


@contextmanager
def caddy(folder: Path, upstreams: list[int]) -> Iterator[int]:
    """Run Caddy with `deploy/caddy/`, over plain HTTP, in front of servers at some ports, and give its port."""
    found = program("caddy", "caddy")
    port = free_port()
    media = folder / "media"
    media.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "CMS_HOST": f"http://{HOST}:{port}",
        "CMS_UPSTREAMS": " ".join(f"127.0.0.1:{one}" for one in upstreams),
        "CMS_MEDIA": str(media),
    }
    with (folder / "caddy.log").open("w") as log:
        process = subprocess.Popen(
            [found, "run", "--config", str(DEPLOY / "caddy" / "Caddyfile")],
            env=environment,
            stderr=log,
            start_new_session=True,
        )
        try:
            wait_for_port(port, process)
            yield port
        finally:
            end(process)
