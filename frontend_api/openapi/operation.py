"""What is said of one endpoint, and what all listings have in common."""

from dataclasses import dataclass, field
from http import HTTPStatus

from frontend_api.serialization.json_schema import COUNT, Schema, array, record

from .components import Components

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
    is_of_path: bool = False
    """Whether it is known of a path without a page what would change that."""

    @property
    def kept(self) -> set[str]:
        """The statuses of the responses that a cache may keep."""
        return {"200", "404", "410"} if self.is_of_path else {"200"}


def listing(name: str, items: Schema, components: Components) -> Schema:
    """Return the schema of a listing."""
    return components.named(
        name, record({"meta": record({"total_count": COUNT}), "items": array(items)})
    )
