"""Takes what browsers report of the Content-Security-Policy: what a page wanted to load or run and was not allowed to.

Anybody can send a report, so nothing of it is believed or kept: a line in the log says what was refused where, once an
hour, and there are only so many lines. No database is asked, and no session.
"""

import json
import logging
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from cachetools import TTLCache
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("cms.content_security")

PATH = "/csp-reports/"
GROUP = "csp"
ENDPOINTS = f'{GROUP}="{PATH}"'
"""The header by which browsers learn where the policy's reports go."""
LONGEST = 16_000
"""In bytes. A browser may send several reports at once; each is below 1 kB but for long addresses."""
LONGEST_NAME = 200
MOST_LINES = 100
AN_HOUR = 60 * 60

_told: TTLCache[str, bool] = TTLCache(maxsize=MOST_LINES, ttl=AN_HOUR)
_lock = threading.Lock()


def take(request: HttpRequest) -> HttpResponse:
    """Log what a browser reports, and answer with nothing: 204, or a 4xx for what is no report."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    body = request.read(LONGEST + 1)
    if len(body) > LONGEST:
        return HttpResponse(status=413)
    try:
        found = list(_reports(json.loads(body)))
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    for line in found:
        if _is_new(line):
            logger.warning("The Content-Security-Policy refused %s", line)
    return HttpResponse(status=204)


def _reports(sent: Any) -> Iterator[str]:
    """Yield a line for each report, in either of the two forms that browsers send."""
    if isinstance(sent, dict) and isinstance(report := sent.get("csp-report"), dict):
        names = ("effective-directive", "blocked-uri", "document-uri")
        yield _line(*(report.get(name) for name in names))
    elif isinstance(sent, list):
        for one in sent:
            body = one.get("body") if isinstance(one, dict) else None
            if isinstance(body, dict) and one.get("type") == "csp-violation":
                names = ("effectiveDirective", "blockedURL", "documentURL")
                yield _line(*(body.get(name) for name in names))
    else:
        raise ValueError("This is no report.")


def _line(directive: Any, blocked: Any, page: Any) -> str:
    return f"{_source(blocked)} by {_plain(directive)} on {_path(page)}"


def _source(blocked: Any) -> str:
    """Return the origin of what was refused, or what stands for it, such as `inline`."""
    try:
        parts = urlsplit(str(blocked or ""))
    except ValueError:
        return "something"
    return _plain(f"{parts.scheme}://{parts.netloc}" if parts.netloc else parts.path)


def _path(page: Any) -> str:
    """Return the path of a page, without what is asked for: a query may have what somebody typed."""
    try:
        return _plain(urlsplit(str(page or "")).path)
    except ValueError:
        return "a page"


def _plain(text: Any) -> str:
    """Return a text of which no reader of logs takes a part for a line of its own."""
    name = "".join(one if one.isprintable() else "?" for one in str(text or "")[:LONGEST_NAME])
    return name or "something"


def _is_new(line: str) -> bool:
    with _lock:
        if line in _told or len(_told) >= MOST_LINES:
            return False
        _told[line] = True
        return True
