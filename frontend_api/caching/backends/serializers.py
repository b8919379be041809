"""Serialisers for a cache server that do not let anyone who can write to the server run code here.

Django's own serialiser unpickles whatever the server holds. These are for `OPTIONS["serializer"]` of its Redis cache.
"""

import hmac
import pickle
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature
from django.utils.crypto import salted_hmac

SIGNATURE = 32
"""Length in bytes."""


class BytesSerializer:
    """Passes bytes through and accepts nothing else: for the API's responses, which bring their own signature."""

    def dumps(self, value: bytes) -> bytes:
        """Return `value` as it is; raises `TypeError` if it is not bytes."""
        if not isinstance(value, bytes):
            raise TypeError(f"This cache keeps bytes and no {type(value).__name__}.")
        return value

    def loads(self, stored: bytes) -> bytes:
        """Return what the server has, as it is."""
        return stored


class SignedSerializer:
    """Pickles and signs values, and unpickles only what is signed with the secret of this service."""

    def __init__(self) -> None:
        self._secret, *self._former = map(
            _derived, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        )

    def dumps(self, value: Any) -> bytes | int:
        """Return the signed pickle of `value`; an integer is sent as it is, so that the server can increment it."""
        if type(value) is int:
            return value
        pickled = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        return self._signature(pickled) + pickled

    def loads(self, stored: bytes) -> Any:
        """Return the value; raises `BadSignature` if `stored` is neither an integer nor signed by this service."""
        try:
            return int(stored)
        except ValueError:
            pass
        signature, pickled = stored[:SIGNATURE], stored[SIGNATURE:]
        known = (self._secret, *self._former)
        if not any(hmac.compare_digest(signature, _signed(pickled, one)) for one in known):
            raise BadSignature("What the cache server has was not put there by this service.")
        return pickle.loads(pickled)  # noqa: S301 - this service signed it.

    def _signature(self, pickled: bytes) -> bytes:
        return _signed(pickled, self._secret)


def _derived(secret: str) -> bytes:
    return salted_hmac("frontend_api.caching.serializers", "", secret, algorithm="sha256").digest()


def _signed(pickled: bytes, secret: bytes) -> bytes:
    return blake2b(pickled, digest_size=SIGNATURE, key=secret).digest()
