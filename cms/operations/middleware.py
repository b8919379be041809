"""What only Django knows of a request: how many queries it took, what its path shows to others, and what was bad."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from frontend_api.changes import versions

from . import tracing
from .observed import OBSERVED, current
from .paths import shown

PROBLEM = "application/problem+json"


def _count_query(
    execute: Callable[..., Any], statement: Any, parameters: Any, many: bool, context: Any
) -> Any:
    """Count a query of the request that this thread answers."""
    observed = current.get()
    if observed is not None:
        observed["queries"] += 1
    return execute(statement, parameters, many, context)


# It need not hear the one query that is run for every response.
versions.IGNORED_WRAPPERS.add(_count_query)


class Observed:
    """Fills what was begun at the boundary; it comes first, so that what other middleware answers is observed too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request, and note down what is to be known of it."""
        observed = request.META.get(OBSERVED)
        if observed is None:
            # Nobody observes, as in a test client.
            return self.get_response(request)
        observed["queries"] = 0
        before = current.set(observed)
        try:
            with connection.execute_wrapper(_count_query), tracing.span(request) as span:
                response = self.get_response(request)
                observed["path"] = shown(request)
                if response.status_code >= 400:
                    observed["error"] = error_of(response)
                span.end(response.status_code, observed)
        finally:
            current.reset(before)
        return response


def error_of(response: Any) -> str:
    """Return what an answer says was wrong, in one line."""
    if response.headers.get("Content-Type", "").startswith(PROBLEM) and not response.streaming:
        detail = json.loads(response.content).get("detail", "")
        return " ".join(str(detail).split())
    return str(response.reason_phrase)
