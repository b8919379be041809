"""Describes `changes/` as an OpenAPI operation."""

from http import HTTPStatus
from typing import Any

from frontend_api.endpoints import changes
from frontend_api.endpoints.bounds import LONGEST_WAIT
from frontend_api.feed.models import PublicKind
from frontend_api.serialization.json_schema import (
    BOOLEAN,
    COUNT,
    DATE_TIME,
    STRING,
    Schema,
    array,
    nullable,
    record,
)

from . import media, parameters
from .components import Components
from .operation import Operation
from .shared_parameters import TEXT, WHOLE_NUMBER


def operation(view: Any, components: Components) -> Operation:
    """Return the operation of `changes/`."""
    item = components.named("PublicChange", item_schema())
    answer = record(
        {
            "cursor": {
                **STRING,
                "description": "What to ask with next, as `after`, as it is: `2a.3c0a91f2`.",
            },
            "items": array(item),
            "more": {
                **BOOLEAN,
                "description": "Whether there may be more after this cursor already.",
            },
        },
        "What changed, oldest first.",
    )
    _, types = parameters.page_types()
    own = {
        "after": (
            TEXT,
            "The cursor of the last answer, as it is. Without it, the answer says where to begin.",
        ),
        "type": (
            parameters.page_types()[0],
            f"{types} What is gone, and what is about no page, is never left out.",
        ),
        "locale": (TEXT, "A language code: of other pages, only that they are gone."),
        "site": (TEXT, "`hostname[:port]` of a site: of pages elsewhere, only that they are gone."),
        "wait": (
            {**WHOLE_NUMBER, "maximum": LONGEST_WAIT, "default": 0},
            "For how many seconds to hold the answer until something comes; some services answer at once all the "
            "same.",
        ),
    }
    return Operation(
        summary="What changed for readers after a cursor.",
        description="For whoever keeps copies: what to drop, and what to fetch anew. 410 where it is not known any "
        "more what came after the cursor, which is to begin anew.",
        response=components.named("Changes", answer),
        parameters=parameters.described(changes.PARAMETERS, own),
        errors=(
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.GONE,
            HTTPStatus.NOT_ACCEPTABLE,
        ),
    )


def item_schema() -> Schema:
    """Return the schema of one change."""
    return record(
        {
            "version": {
                **COUNT,
                "description": "Its number, one more than that of the one before.",
            },
            "kind": {
                "type": "string",
                "enum": [*PublicKind.values],
                "description": "`gone` whatever a page has ended by. `published`, `updated` and `moved` are about "
                "pages, the rest about what pages may show.",
            },
            "type": nullable(
                {**STRING, "description": "The type of a page, an image or a document, else null."}
            ),
            "id": nullable({**COUNT, "description": "Its id."}),
            "html_url": nullable(media.ADDRESS),
            "path_before": nullable(
                {**STRING, "description": "The path that a page had and has no more."}
            ),
            "tags": array(
                {
                    **STRING,
                    "description": "A name that `Surrogate-Key` and `Cache-Tag` of an answer may have, too: such an "
                    "answer is old.",
                }
            ),
            "changed_at": DATE_TIME,
        },
        "One change for readers.",
    )
