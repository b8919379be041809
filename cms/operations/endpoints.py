"""What a request is counted under: one of a few dozen names, whatever addresses clients think up."""

import re
from functools import cache

from django.urls import reverse

from frontend_api.urls import urlpatterns

from .paths import PLACES

ELSEWHERE = "elsewhere"
UNKNOWN = "api/unknown"


def endpoint_of(path: str) -> str:
    """Return what a path is of, such as `api/pages/find`, `api/pages/{id}` or `admin`; there are a few dozen."""
    root = _root()
    if not path.startswith(root):
        first = path[1:].partition("/")[0]
        return first if first in PLACES else ELSEWHERE
    name, _slash, below = path[len(root) :].partition("/")
    if name.startswith("sitemap"):
        return "api/sitemap"
    if name not in _names():
        return UNKNOWN if name else "api"
    below = below.rstrip("/")
    if not below or name == "feeds":
        return f"api/{name}"
    if below == "find":
        return f"api/{name}/find"
    return f"api/{name}/{{id}}" if below.isdecimal() else UNKNOWN


@cache
def _root() -> str:
    return reverse("frontend_api:root")


@cache
def _names() -> frozenset[str]:
    names = {re.split(r"[/<]", str(pattern.pattern))[0] for pattern in urlpatterns}
    return frozenset(name for name in names if re.fullmatch(r"[\w.-]+", name))
