"""What two processes of the service say to each other: objects of Python, each after its length.

They are pickled: nobody but the two has an end of what they are sent through, and both run the same code.
"""

import asyncio
import pickle
from typing import Any

WIDTH = 4
"""So many bytes say how long what follows is."""

READY = "ready"
"""Told by the process that runs Django once it takes requests."""
FAILED = "failed"
"""Said in place of what was learned of a request, if it could not be answered."""
LAST_WAIT = 20
"""So many seconds it has to answer what it has begun, once it is to end."""


def packed(what: Any) -> bytes:
    """Return something as it is sent."""
    data = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(WIDTH) + data


async def read(reader: asyncio.StreamReader) -> Any:
    """Return what comes next, or None if nothing more comes."""
    try:
        length = int.from_bytes(await reader.readexactly(WIDTH))
        return pickle.loads(await reader.readexactly(length))  # noqa: S301
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
