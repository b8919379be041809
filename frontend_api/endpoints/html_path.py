"""Reads the `html_path` parameter: `/a/b/`, `a/b` and `/a/b` name the same page; `/a/b/?c=1` has a query, too."""

from frontend_api.errors import bad_parameter
from frontend_api.redirects.paths import Asked


def asked(path: str) -> Asked:
    """Return what a reader asked for; raises `BadParameters` if it is not a path, with or without a query."""
    if any(ord(character) < 32 or ord(character) == 127 for character in path):
        raise bad_parameter("html_path", "html_path contains a control character.")
    plain, _, query = path.partition("?")
    if "\\" in path or "#" in path:
        raise bad_parameter(
            "html_path",
            "html_path is a path, perhaps with a query behind '?', and without '#' or backslashes.",
        )
    if path.startswith("?"):
        raise bad_parameter(
            "html_path", "html_path has a query and no path before it; the home page is at '/'."
        )
    parts = [part for part in plain.split("/") if part]
    if any(part in {".", ".."} for part in parts):
        raise bad_parameter(
            "html_path", "html_path contains '.' or '..'; give the path that the page has."
        )
    return Asked("/" + "".join(f"{part}/" for part in parts), query, f"/{plain.removeprefix('/')}")
