"""The caches."""

import time

from django.core.cache import caches
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from .fact import Fact

ALIASES = ("default", "api")
SECONDS = 30


def cache() -> Fact:
    """Say whether each cache gives what it was given; without one the service goes on, but renders everything."""
    begun = time.monotonic()
    failing = [alias for alias in ALIASES if not _keeps(alias)]
    took = (time.monotonic() - begun) * 1000
    if failing:
        says = _("What is kept in %(names)s is not found again; all is rendered anew.") % {
            "names": ", ".join(failing)
        }
        remedy = _("Start the server that CACHE_URL names, and see what it says.")
        return Fact("cache", False, says, remedy)
    says = _("What is kept is found again, within %(milliseconds)d ms.") % {"milliseconds": took}
    return Fact("cache", True, says)


def _keeps(alias: str) -> bool:
    kept = caches[alias]
    # Another one for each process, so that two that look at once do not take each other's away.
    key = f"operations.{get_random_string(16)}"
    value = get_random_string(16).encode()
    kept.set(key, value, SECONDS)
    found = kept.get(key)
    kept.delete(key)
    return bool(found == value)
