"""The schema of an error, and the error responses of an endpoint."""

from http import HTTPStatus

from frontend_api.endpoints.problems import CONTENT_TYPE
from frontend_api.serialization.json_schema import STRING, Schema, array, record

from .components import Components

_FIELDS = {
    "type": {**STRING, "const": "about:blank"},
    "title": {**STRING, "description": "The name of the status."},
    "status": {"type": "integer", "minimum": 400, "maximum": 599},
    "detail": {**STRING, "description": "What is wrong, in a sentence."},
    "message": {**STRING, "description": "`detail` again, for clients of Wagtail's v2 API."},
    "errors": array(record({"parameter": STRING, "detail": STRING})),
}
PROBLEM: Schema = {
    **record(_FIELDS, "An error, by RFC 9457; `errors` is there where parameters are at fault."),
    "required": [name for name in _FIELDS if name != "errors"],
}
REASONS = {
    HTTPStatus.BAD_REQUEST: "A parameter that is unknown, or a value that cannot be used; `errors` names each.",
    HTTPStatus.UNAUTHORIZED: "The credential shows nothing, or no longer; why is not said.",
    HTTPStatus.NOT_FOUND: "There is no such thing, or it is not public.",
    HTTPStatus.NOT_ACCEPTABLE: "The request accepts none of the forms that there are.",
}


def responses(statuses: list[HTTPStatus], components: Components) -> dict[str, Schema]:
    """Return the OpenAPI responses for these statuses, by status code."""
    problem = components.named("Problem", PROBLEM)
    return {
        str(int(status)): {
            "description": REASONS[status],
            "content": {CONTENT_TYPE: {"schema": problem}},
        }
        for status in statuses
    }
