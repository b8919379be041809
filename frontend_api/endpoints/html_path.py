"""Normalises the `html_path` parameter: `/a/b/`, `a/b` and `//a/b/` name the same page."""

from frontend_api.errors import bad_parameter


def normalised(path: str) -> str:
    """Return `path` in the form `/a/b/`; raises `BadParameters` if it is not a plain path."""
    if any(ord(character) < 32 or ord(character) == 127 for character in path):
        raise bad_parameter("html_path", "html_path contains a control character.")
    if "\\" in path or "?" in path or "#" in path:
        raise bad_parameter(
            "html_path", "html_path is a path alone, without '?', '#' or backslashes."
        )
    parts = [part for part in path.split("/") if part]
    if any(part in {".", ".."} for part in parts):
        raise bad_parameter(
            "html_path", "html_path contains '.' or '..'; give the path that the page has."
        )
    return "/" + "".join(f"{part}/" for part in parts)
