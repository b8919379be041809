"""What is said of one endpoint."""

import inspect
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from frontend_api.serialization.json_schema import Schema

JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """The parameters, response and errors of one endpoint."""

    summary: str
    description: str
    """What the summary leaves out."""
    response: Schema
    parameters: list[Schema] = field(default_factory=list)
    errors: tuple[HTTPStatus, ...] = (
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.NOT_ACCEPTABLE,
    )
    is_about_draft: bool = False
    content_type: str = JSON
    is_text_too: bool = False
    """Whether it is to be had as Markdown, too."""
    is_of_path: bool = False
    """Whether it is known of a path without a page what would change that."""

    @property
    def kept(self) -> set[str]:
        """The statuses of the responses that a cache may keep."""
        return {"200", "404", "410"} if self.is_of_path else {"200"}


def first_line(thing: Any) -> str:
    """Return the first line of what a class or a function says of itself."""
    return (inspect.getdoc(thing) or "").split("\n")[0]
