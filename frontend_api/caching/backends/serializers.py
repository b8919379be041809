"""How values are written to a cache server, and read from it: never so that whoever can write to it can run code here.

Django's own serialiser reads pickles, which do what they say. These are for `OPTIONS["serializer"]` of its Redis cache.
"""

import hmac
import pickle
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature
from django.utils.crypto import salted_hmac

SIGNATURE = 32
"""In bytes."""


class BytesSerializer:
    """Takes and gives bytes, and nothing else: for the responses of the API, which see to themselves."""

    def dumps(self, value: bytes) -> bytes:
        """Return what is sent to the server."""
        if not isinstance(value, bytes):
            raise TypeError(f"This cache keeps bytes and no {type(value).__name__}.")
        return value

    def loads(self, stored: bytes) -> bytes:
        """Return what the server has."""
        return stored


class SignedSerializer:
    """Pickles any value, and reads only what is signed with the secret of this service."""

    def __init__(self) -> None:
        self._secret = salted_hmac(
            "frontend_api.caching.serializers", "", settings.SECRET_KEY, algorithm="sha256"
        ).digest()

    def dumps(self, value: Any) -> bytes | int:
        """Return what is sent to the server; it counts with whole numbers itself."""
        if type(value) is int:
            return value
        pickled = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        return self._signature(pickled) + pickled

    def loads(self, stored: bytes) -> Any:
        """Return the value that the server has; raises `BadSignature` for what did not come from here."""
        try:
            return int(stored)
        except ValueError:
            pass
        signature, pickled = stored[:SIGNATURE], stored[SIGNATURE:]
        if not hmac.compare_digest(signature, self._signature(pickled)):
            raise BadSignature("What the cache server has was not put there by this service.")
        return pickle.loads(pickled)  # noqa: S301 - it was signed here.

    def _signature(self, pickled: bytes) -> bytes:
        return blake2b(pickled, digest_size=SIGNATURE, key=self._secret).digest()
