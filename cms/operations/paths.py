"""What logs and traces show of the path of a request: nothing that lets somebody in."""

from django.http import HttpRequest

# The first parts of addresses that are none of the API.
PLACES = frozenset(
    {"_util", "admin", "calendar", "documents", "media", "originals", "static", "userbar"}
)
# What a pattern calls the part of an address that leads to what everybody may see.
SHOWN = frozenset({"path", "slug", "filename", "app_label", "model_name"})


def shown(request: HttpRequest) -> str | None:
    """Return a path without what may be secret in it, such as a token, or None if Django did not look it up."""
    match = request.resolver_match
    if match is None:
        return None
    path = request.path
    captured = [*match.kwargs.items(), *((None, value) for value in match.args)]
    if not captured and path.lstrip("/") != match.route:
        # A pattern that takes anything, as the admin's last one does.
        return shown_path(path)
    for name, value in captured:
        if isinstance(value, str) and value and name not in SHOWN and not value.isdecimal():
            path = path.replace(value, f"<{name}>" if name else "…")
    return path


def shown_path(path: str) -> str:
    """Return what is written of a path that Django did not look up: outside the API, it may hold a token."""
    if path.startswith("/api/"):
        return path
    first = path[1:].partition("/")[0]
    return f"/{first}/…" if first in PLACES else "/…"
