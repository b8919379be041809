"""What can be wrong with a request, as exceptions, and the form that every error has: `endpoints.problems` answers."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db import Error, InterfaceError, OperationalError
from rest_framework.exceptions import APIException, NotFound

PROBLEM_TYPE = "application/problem+json"
LONGEST_QUERY = 8_192
"""The most bytes that a query string may have, as it is sent."""


def problem(status: int, detail: str, errors: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the body of an error response; `errors` maps parameters to what is wrong with them."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "message": detail,
    }
    if errors:
        body["errors"] = [{"parameter": name, "detail": text} for name, text in errors.items()]
    return body


class BadParameters(APIException):
    """One or more query parameters cannot be used; `errors` maps the name of each to what is wrong with it."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


class QueryTooLong(APIException):
    """The query string is longer than any that the API takes; it is not even read."""

    status_code = HTTPStatus.REQUEST_URI_TOO_LONG
    default_detail = (
        f"The query string of this address is too long; it may have {LONGEST_QUERY} bytes."
    )


class TookTooLong(APIException):
    """The database took longer for a statement of a read than the setting `STATEMENT_TIMEOUT` says."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = (
        "This took too long and was ended; ask for less at once, or try again in a while."
    )
    retry_after = 10
    """After how many seconds it is worth another try."""


class NotThere(BadParameters):
    """A query parameter names something that is not there, such as a site or a language."""

    status_code = HTTPStatus.NOT_FOUND


class NoSuchSite(NotThere):
    """The parameter `site` names no site."""

    def __init__(self) -> None:
        super().__init__({"site": "There is no site with the name that site gives."})


class Moved(NotFound):
    """There is no page at a path, and it is known where it leads: `redirect` says so."""

    default_detail = "There is no such page; its address leads elsewhere, as redirect says."

    def __init__(self, redirect: Mapping[str, Any]) -> None:
        super().__init__()
        self.redirect = dict(redirect)


class Gone(APIException):
    """There was a page at a path, and there will be none again."""

    status_code = HTTPStatus.GONE
    default_detail = "There is no such page any more, and none takes its place."


class CursorGone(APIException):
    """It is not known what came after a cursor."""

    status_code = HTTPStatus.GONE
    default_detail = (
        "What came after this cursor is not known any more, or it is of another feed; begin anew: ask for changes/ "
        "without after, then fetch everything."
    )


class BadCredential(APIException):
    """The token does not grant access, or no longer does; its holder is not told why."""

    status_code = HTTPStatus.UNAUTHORIZED
    default_detail = "The token does not show anything, or no longer; open the preview anew, or ask for a new link."


def bad_parameter(name: str, detail: str) -> BadParameters:
    """Return the error for one bad query parameter."""
    return BadParameters({name: detail})


# The classes of PostgreSQL's codes for what has nothing to do with a statement: connection, resources, being stopped.
_OUTAGES = ("08", "53", "57P")
# The same of SQLite: it is busy or locked, cannot be read or written, or cannot be opened.
_SQLITE_OUTAGES = {5, 6, 10, 14}


def is_outage(error: BaseException | None) -> bool:
    """Return whether an error says that the database cannot be used for now, and nothing of what was asked of it."""
    if not isinstance(error, Error):
        return False
    cause: Any = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        # The upper bits say more exactly what it is.
        return code & 0xFF in _SQLITE_OUTAGES
    state = getattr(cause, "sqlstate", None)
    if state is None:
        # It comes from the client: there is no connection.
        return isinstance(error, InterfaceError | OperationalError)
    return str(state).startswith(_OUTAGES)


class DatabaseGone(APIException):
    """The database cannot be used for now."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = "The database cannot be reached at the moment; try again in a few seconds."
    retry_after = 5
    """After how many seconds it is worth another try."""
