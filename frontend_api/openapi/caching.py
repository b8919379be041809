"""The headers of requests and responses about caching, where the response cache is in front of the project."""

from frontend_api.changes import surrogate_keys
from frontend_api.serialization.json_schema import STRING, Schema

_REVALIDATED: dict[str, str] = {
    "ETag": "Names these bytes; send it back in `If-None-Match`.",
    "Cache-Control": "How long a shared cache may answer alone; browsers ask each time.",
    "Vary": "What of a request the response depends on besides its address.",
    "Cache-Tag": "What the response was made of, for a cache that is purged by it; only where such a cache is set up.",
    "Surrogate-Key": "The same, for caches that know it by this name.",
}
PARAMETERS: tuple[Schema, ...] = (
    {
        "name": surrogate_keys.LIMIT_HEADER,
        "in": "header",
        "schema": {
            "type": "integer",
            "minimum": surrogate_keys.FEWEST,
            "maximum": surrogate_keys.MOST,
        },
        "description": "How many names in `Cache-Tag` the client can keep with an answer, such as 128. Where there are "
        "more, some are folded into names that stand for several, by which it is purged too.",
    },
)
_OF_BODIES: dict[str, str] = {"Last-Modified": "When these bytes were made first."}


def headers() -> dict[str, Schema]:
    """Return the headers of a response with a body."""
    return _described(_REVALIDATED | _OF_BODIES)


def not_modified() -> dict[str, Schema]:
    """Return the response to a request that names the bytes that it would get."""
    about = "The client has these bytes already, as its `If-None-Match` says."
    return {"304": {"description": about, "headers": _described(_REVALIDATED)}}


def _described(about: dict[str, str]) -> dict[str, Schema]:
    return {
        name: {"description": text, "required": False, "schema": STRING}
        for name, text in about.items()
    }
