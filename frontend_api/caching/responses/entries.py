"""What is kept of a response: its body in several codings, and all that it takes to answer with it.

In the memory of the process an entry is kept as it is. A cache server gets bytes, which are no pickle: whoever can
write to the server could run code by one. They are signed, for the key that they are kept under, so that nobody without
the secret of the service makes an entry, or puts one in the place of another.
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

from frontend_api.caching.cdn import surrogate_keys
from frontend_api.changes.versions import State
from frontend_api.dependencies.validity import Validity

from . import encodings, headers
from .encodings import BROTLI, GZIP, IDENTITY

# These are each answer's own.
OWN = {"content-length", "vary", "cache-control", "etag", "last-modified"}
SIGNATURE = 32
"""In bytes."""

Header = tuple[str, str]


class Entry(NamedTuple):
    """A response as it is kept."""

    validity: Validity
    status: str
    headers: tuple[Header, ...]
    """Those that come with the body, and not with an answer that says that the client has it."""
    lasting: tuple[Header, ...]
    """Those that come with both."""
    name: str
    """The digest of the body; see `headers.etag`."""
    modified: str
    """When these bytes were rendered first, as an HTTP date; no time at which a client may take it for unchanged,
    because more than one change fits into a second."""
    identity: bytes
    gzip: bytes
    """Nothing where it would not be smaller."""
    brotli: bytes | None
    """The same; None until somebody asks for it."""

    @property
    def size(self) -> int:
        """How many bytes the bodies have."""
        return len(self.identity) + len(self.gzip) + len(self.brotli or b"")

    def with_brotli(self) -> "Entry":
        """Return it with the body in Brotli made."""
        return self._replace(brotli=encodings.compressed(self.identity, BROTLI))

    def body(self, accepted: Iterable[str]) -> tuple[str, bytes]:
        """Return the first of the accepted codings that there is, and the body in it."""
        bodies = {GZIP: self.gzip, BROTLI: self.brotli}
        for coding in accepted:
            if body := bodies.get(coding):
                return coding, body
        return IDENTITY, self.identity


def make(
    validity: Validity, status: str, sent: Iterable[Header], body: bytes, before: Entry | None
) -> Entry:
    """Make the entry of a response; `before` is what was kept of the same one until now."""
    name = headers.digest(body)
    same = before if before is not None and before.name == name else None
    modified = same.modified if same else http_date(validity.made_at.timestamp())
    names = surrogate_keys.of_response(validity.tags)
    return Entry(
        validity=validity,
        status=status,
        headers=tuple(pair for pair in sent if pair[0].lower() not in OWN),
        name=name,
        lasting=(
            ("Last-Modified", modified),
            ("Cache-Tag", ",".join(names)),
            ("Surrogate-Key", " ".join(names)),
        ),
        modified=modified,
        identity=body,
        gzip=same.gzip if same else encodings.compressed(body, GZIP),
        brotli=same.brotli if same else None,
    )


def encoded(entry: Entry, key: str) -> bytes:
    """Return an entry as bytes for a cache server: a signature, what describes the bodies as JSON, and the bodies."""
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
    """Return the entry that was encoded for `key`, or None for anything that was not, whoever put it there."""
    signature, kept = kept[:SIGNATURE], kept[SIGNATURE:]
    if not hmac.compare_digest(signature, _signature(key, kept)):
        return None
    start = 4 + int.from_bytes(kept[:4])
    about: dict[str, Any] = json.loads(kept[4:start])
    gzip = start + about["identity"]
    brotli = gzip + about["gzip"]
    return Entry(
        **{
            **about,
            "validity": _validity(**about["validity"]),
            "headers": tuple((name, value) for name, value in about["headers"]),
            "lasting": tuple((name, value) for name, value in about["lasting"]),
            "identity": kept[start:gzip],
            "gzip": kept[gzip:brotli],
            "brotli": None if about["brotli"] is None else kept[brotli:],
        }
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
