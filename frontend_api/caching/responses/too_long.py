"""Refuses a request to the API whose query string is too long: nothing of it is read, and Django is not asked."""

import json
from http import HTTPStatus

from frontend_api.errors import LONGEST_QUERY, PROBLEM_TYPE, QueryTooLong, problem

from . import cache_key
from .answers import Answer
from .cache_key import Environ

_STATUS = HTTPStatus.REQUEST_URI_TOO_LONG
_BODY = json.dumps(problem(_STATUS, QueryTooLong.default_detail)).encode()


def refusal(environ: Environ) -> Answer | None:
    """Return the answer to a request whose query string is too long for the API, or None for any other."""
    if len(environ.get("QUERY_STRING", "")) <= LONGEST_QUERY or not cache_key.is_for_api(environ):
        return None
    headers = [
        ("Content-Type", PROBLEM_TYPE),
        ("Content-Length", str(len(_BODY))),
        ("Cache-Control", "no-store"),
    ]
    is_shown = environ["REQUEST_METHOD"] != "HEAD"
    return Answer(f"{int(_STATUS)} {_STATUS.phrase}", headers, (_BODY,) if is_shown else ())
