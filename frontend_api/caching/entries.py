"""What is kept of a response: its body in several codings, and all that it takes to answer with it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils.http import http_date

from . import encodings, header_tags, headers
from .encodings import BROTLI, GZIP, IDENTITY

# These are each answer's own.
OWN = {"content-length", "vary", "cache-control", "etag", "last-modified"}

Header = tuple[str, str]


class Entry(NamedTuple):
    """A response as it is kept."""

    version: int
    """The version of the change log before it was rendered."""
    made_at: datetime
    """When it was about to be rendered; by a clock that is behind this, it may look otherwise."""
    until: datetime | None
    tags: tuple[str, ...]
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
    version: int,
    until: datetime | None,
    tags: Iterable[str],
    status: str,
    sent: Iterable[Header],
    body: bytes,
    made_at: datetime,
    before: Entry | None,
) -> Entry:
    """Make the entry of a response; `before` is what was kept of the same one until now."""
    tags = tuple(tags)
    name = headers.digest(body)
    same = before if before is not None and before.name == name else None
    modified = same.modified if same else http_date(made_at.timestamp())
    names = header_tags.of_response(tags)
    return Entry(
        version=version,
        made_at=made_at,
        until=until,
        tags=tags,
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
