"""What both wrappers do once a request was answered: it is counted, and there is a line of it."""

import time
from typing import Any

from django.conf import settings

from . import metrics
from .observed import Observed
from .request_log import RequestLog, line

ALL, RENDERED = "all", "rendered"
HIT = "hit"

log = RequestLog()


def note(method: str, path: str, status: int, begun: float, observed: Observed) -> None:
    """Count a request that was answered, and log it if the setting `REQUEST_LOG` says so."""
    seconds = time.perf_counter() - begun
    metrics.count(path, status, seconds, observed)
    logged: Any = settings.REQUEST_LOG
    if logged == ALL or (logged == RENDERED and observed.get("cache") != HIT):
        log.write(line(method, path, status, seconds, observed, time.time()))
