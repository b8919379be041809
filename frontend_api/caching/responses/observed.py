"""Tells whoever observes the service how a read was answered, where somebody does."""

from collections.abc import Mapping
from typing import Any, Literal

# The key in a request's environment, or in an ASGI scope, of the dictionary in which facts of the request are noted.
OBSERVED = "frontend_api.observed"


def note(
    request: Mapping[str, Any], cache: Literal["hit", "miss", "shared", "bypass", "stale"]
) -> None:
    """Note what the cache did about a request, given as its environment or scope."""
    facts = request.get(OBSERVED)
    if facts is not None:
        facts["cache"] = cache
