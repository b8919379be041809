"""The schema of an error, and the error responses of an endpoint."""

from http import HTTPStatus

from frontend_api.errors import LONGEST_QUERY, PROBLEM_TYPE
from frontend_api.serialization.json_schema import BOOLEAN, STRING, Schema, array, record

from .components import Components

_REDIRECT = record(
    {
        "url": {
            **STRING,
            "description": "A path of the same frontend, or a full URL elsewhere; with the query that was asked with.",
        },
        "external": {**BOOLEAN, "description": "Whether it leads to another website."},
        "status": {
            "type": "integer",
            "enum": [301, 302],
            "description": "301 where it leads there for good, 302 for now.",
        },
    },
    "Where the path leads that has no page, at the end of all redirects.",
)
_FIELDS = {
    "type": {**STRING, "const": "about:blank"},
    "title": {**STRING, "description": "The name of the status."},
    "status": {"type": "integer", "minimum": 400, "maximum": 599},
    "detail": {**STRING, "description": "What is wrong, in a sentence."},
    "message": {**STRING, "description": "`detail` again, for clients of Wagtail's v2 API."},
    "errors": array(record({"parameter": STRING, "detail": STRING})),
    "redirect": _REDIRECT,
}
PROBLEM: Schema = {
    **record(
        _FIELDS,
        "An error, by RFC 9457; `errors` is there where parameters are at fault, `redirect` where a path has no page "
        "and leads elsewhere.",
    ),
    "required": [name for name in _FIELDS if name not in {"errors", "redirect"}],
}
REASONS = {
    HTTPStatus.BAD_REQUEST: "A parameter that is unknown, or a value that cannot be used; `errors` names each.",
    HTTPStatus.UNAUTHORIZED: "The credential shows nothing, or no longer; why is not said.",
    HTTPStatus.NOT_FOUND: "There is no such thing, or it is not public.",
    HTTPStatus.GONE: "It is gone for good: the page at this path, or what came after this cursor.",
    HTTPStatus.NOT_ACCEPTABLE: "The request accepts none of the forms that there are.",
    HTTPStatus.REQUEST_URI_TOO_LONG: f"The query string has more than {LONGEST_QUERY} bytes.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database took too long; `Retry-After` says when to try again.",
}
# What any endpoint may answer.
EVERYWHERE = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.REQUEST_URI_TOO_LONG,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


def responses(statuses: list[HTTPStatus], components: Components) -> dict[str, Schema]:
    """Return the OpenAPI responses for these statuses, by status code."""
    problem = components.named("Problem", PROBLEM)
    return {
        str(int(status)): {
            "description": REASONS[status],
            "content": {PROBLEM_TYPE: {"schema": problem}},
        }
        for status in statuses
    }
