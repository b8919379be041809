"""What is learned of a request on its way: a dict that the outermost wrapper makes and all below it fill.

{"request_id": "5f3a…-1c", "cache": "hit", "queries": 3, "path": "/calendar/<token>.ics", "error": "limit is 101; …"}

The caches say `cache`; `middleware` says the rest, of what reaches Django. Nobody relies on it being there.
"""

import itertools
import re
import secrets
from contextvars import ContextVar
from typing import Any

OBSERVED = "frontend_api.observed"
"""Its key in the environment of WSGI, and in the scope of ASGI."""

Observed = dict[str, Any]

current: ContextVar[Observed | None] = ContextVar("observed", default=None)
"""That of the request that this thread answers, for logs and traces."""

REQUEST_ID = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9._=+/-]{1,64}")

# A number costs nothing, and what is before it is another for each process.
_PROCESS = secrets.token_hex(8)
_numbers = itertools.count(1)


def request_id(given: str | None) -> str:
    """Return the id that a proxy has given to a request, if it can be one, or a new one."""
    if given and GIVEN.fullmatch(given):
        return given
    return f"{_PROCESS}-{next(_numbers):x}"
