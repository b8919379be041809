"""Cache entries: a response with its body in several codings, and its form on a cache server.

In process memory an entry is kept as it is. A cache server gets bytes that are not a pickle, because anyone who can
write to the server could run code through one. The bytes are signed together with their key, so nobody without the
service's secret can forge an entry or put one in the place of another.
"""

import hmac
import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.http import http_date

from frontend_api.changes import surrogate_keys
from frontend_api.changes.versions import State
from frontend_api.dependencies.validity import Validity

from . import encodings, headers, tag_headers
from .encodings import BROTLI, GZIP, IDENTITY

# Not kept with an entry, because the cache sets these headers itself.
PER_ANSWER = {"content-length", "vary", "cache-control", "etag", "last-modified"}
SIGNATURE = 32
"""Length in bytes."""

Header = tuple[str, str]


class Entry(NamedTuple):
    """A response in the cache."""

    validity: Validity
    status: str
    headers: tuple[Header, ...]
    """Sent with the body, but not with a 304."""
    vary: tuple[str, ...]
    """What the response varies by, beside what every one does: `accept` where there are several forms."""
    shared_headers: tuple[Header, ...]
    """Sent with the body and with a 304."""
    digest: str
    """The digest of the body; see `headers.etag`."""
    modified: str
    """When these bytes were first rendered, as an HTTP date. `If-Modified-Since` is ignored: two changes can fall
    into one second."""
    identity: bytes
    gzip: bytes
    """Empty if it would not be smaller."""
    brotli: bytes | None
    """Empty if it would not be smaller; None until a client asks for it."""

    @property
    def size(self) -> int:
        """The size of all bodies together, in bytes."""
        return len(self.identity) + len(self.gzip) + len(self.brotli or b"")

    def with_brotli(self) -> "Entry":
        """Return a copy that has the body in Brotli."""
        return self._replace(brotli=encodings.compressed(self.identity, BROTLI))

    def body(self, accepted: Iterable[str]) -> tuple[str, bytes]:
        """Return the first accepted coding that the entry has, and the body in that coding."""
        bodies = {GZIP: self.gzip, BROTLI: self.brotli}
        for coding in accepted:
            if body := bodies.get(coding):
                return coding, body
        return IDENTITY, self.identity


def make(
    validity: Validity, status: str, sent: Iterable[Header], body: bytes, before: Entry | None
) -> Entry:
    """Return the entry for a response; `before` is its previous one, reused if the body is the same."""
    digest = headers.digest(body)
    same = before if before is not None and before.digest == digest else None
    modified = same.modified if same else http_date(validity.made_at.timestamp())
    names = surrogate_keys.of_response(validity.tags)
    sent = list(sent)
    varying = {
        word.strip().lower()
        for name, value in sent
        if name.lower() == "vary"
        for word in value.split(",")
    }
    return Entry(
        validity=validity,
        status=status,
        headers=tuple(pair for pair in sent if pair[0].lower() not in PER_ANSWER),
        digest=digest,
        vary=("Accept",) if "accept" in varying else (),
        shared_headers=(("Last-Modified", modified), *tag_headers.of(names)),
        modified=modified,
        identity=body,
        gzip=same.gzip if same else encodings.compressed(body, GZIP),
        brotli=same.brotli if same else None,
    )


def encoded(entry: Entry, key: str) -> bytes:
    """Return an entry as bytes for a cache server: signature, length of the JSON (4 bytes), JSON metadata, bodies."""
    bodies = (entry.identity, entry.gzip, entry.brotli or b"")
    about = {
        **entry._asdict(),
        "validity": {
            **entry.validity._asdict(),
            "made_at": entry.validity.made_at.isoformat(),
            "until": entry.validity.until and entry.validity.until.isoformat(),
        },
        "identity": len(entry.identity),
        "gzip": len(entry.gzip),
        "brotli": None if entry.brotli is None else len(entry.brotli),
    }
    described = json.dumps(about, separators=(",", ":")).encode()
    kept = b"".join((len(described).to_bytes(4), described, *bodies))
    return _signature(key, kept) + kept


def decoded(kept: bytes, key: str) -> Entry | None:
    """Return the entry that was encoded for `key`, or None if the signature is not ours for that key."""
    signature, kept = kept[:SIGNATURE], kept[SIGNATURE:]
    if not hmac.compare_digest(signature, _signature(key, kept)):
        return None
    start = 4 + int.from_bytes(kept[:4])
    about: dict[str, Any] = json.loads(kept[4:start])
    gzip = start + about["identity"]
    brotli = gzip + about["gzip"]
    return Entry(
        validity=_validity(**about["validity"]),
        status=about["status"],
        headers=tuple((name, value) for name, value in about["headers"]),
        vary=tuple(about["vary"]),
        shared_headers=tuple((name, value) for name, value in about["shared_headers"]),
        digest=about["digest"],
        modified=about["modified"],
        identity=kept[start:gzip],
        gzip=kept[gzip:brotli],
        brotli=None if about["brotli"] is None else kept[brotli:],
    )


def _validity(
    since: list[Any], seen: list[Any], made_at: str, until: str | None, tags: list[str]
) -> Validity:
    return Validity(
        since=State(*since),
        seen=State(*seen),
        made_at=datetime.fromisoformat(made_at),
        until=datetime.fromisoformat(until) if until else None,
        tags=tuple(tags),
    )


def _signature(key: str, kept: bytes) -> bytes:
    signed = blake2b(key.encode(), digest_size=SIGNATURE, key=_secret(settings.SECRET_KEY))
    signed.update(kept)
    return signed.digest()


@lru_cache(maxsize=2)
def _secret(secret: str) -> bytes:
    return salted_hmac("frontend_api.caching.entries", "", secret, algorithm="sha256").digest()
