"""The content codings of response bodies: compression, and the choice by `Accept-Encoding`."""

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache

import brotli

IDENTITY = "identity"
GZIP = "gzip"
BROTLI = "br"

# In bytes. Compressing a smaller body saves less than the header costs.
SMALLEST = 200

# Brotli at quality 5 compresses better than gzip's best level, and faster than gzip's default.
_COMPRESS: Mapping[str, Callable[[bytes], bytes]] = {
    GZIP: lambda body: gzip.compress(body, compresslevel=6, mtime=0),
    BROTLI: lambda body: brotli.compress(body, quality=5),
}


def compressed(body: bytes, coding: str) -> bytes:
    """Return `body` compressed with `coding`, or `b""` if that would not be smaller."""
    if len(body) < SMALLEST:
        return b""
    smaller = _COMPRESS[coding](body)
    return smaller if len(smaller) < len(body) else b""


# In characters. Browsers send 30; a header longer than this is parsed each time.
LONGEST_REMEMBERED = 200


def preferred(header: str) -> tuple[str, ...]:
    """Return the codings that an `Accept-Encoding` header accepts, best first; identity is always the last one.

    'gzip;q=0.8, br' gives ('br', 'gzip', 'identity').
    """
    return _known(header) if len(header) <= LONGEST_REMEMBERED else _preferred(header)


def _preferred(header: str) -> tuple[str, ...]:
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        coding, _, parameters = part.partition(";")
        weights[coding.strip()] = _weight(parameters)
    offered = [(weights.get(coding, weights.get("*", 0)), coding) for coding in (BROTLI, GZIP)]
    # A client may prefer identity to a coding that is smaller.
    identity = weights.get(IDENTITY, 0)
    taken = [pair for pair in offered if pair[0] > 0 and pair[0] >= identity]
    return (*(coding for _, coding in sorted(taken, key=lambda pair: -pair[0])), IDENTITY)


_known = lru_cache(maxsize=256)(_preferred)


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1
    try:
        return float(value)
    except ValueError:
        return 0
