"""The codings that a body is kept and sent in."""

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache

import brotli

IDENTITY = "identity"
GZIP = "gzip"
BROTLI = "br"

# A body below this size gains less than the header costs.
SMALLEST = 200

# Quality 5 is denser than gzip's best and quicker than its default.
_COMPRESS: Mapping[str, Callable[[bytes], bytes]] = {
    GZIP: lambda body: gzip.compress(body, compresslevel=6, mtime=0),
    BROTLI: lambda body: brotli.compress(body, quality=5),
}


def compressed(body: bytes, coding: str) -> bytes:
    """Return `body` in `coding`, or nothing where that would not be smaller."""
    if len(body) < SMALLEST:
        return b""
    smaller = _COMPRESS[coding](body)
    return smaller if len(smaller) < len(body) else b""


# Browsers send 30 characters; what is longer than this is read each time.
LONGEST_REMEMBERED = 200


def preferred(header: str) -> tuple[str, ...]:
    """Return the codings that an `Accept-Encoding` takes, the best first; identity is always the last resort.

    'gzip;q=0.8, br' gives ('br', 'gzip', 'identity').
    """
    return _known(header) if len(header) <= LONGEST_REMEMBERED else _preferred(header)


def _preferred(header: str) -> tuple[str, ...]:
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        coding, _, parameters = part.partition(";")
        weights[coding.strip()] = _weight(parameters)
    offered = [(weights.get(coding, weights.get("*", 0)), coding) for coding in (BROTLI, GZIP)]
    # A client that names identity may want it more than what is smaller.
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
