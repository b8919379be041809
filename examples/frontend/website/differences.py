"""What differs between two forms of one page, in the words of the API."""

import re
from typing import Any

from .api import JSON

# Of `meta`, what readers or search engines see.
META = ("slug", "seo_title", "search_description", "show_in_menus")
# Wagtail's editor gives each paragraph one, without any change of the text.
BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')


def differences(live: JSON, draft: JSON) -> list[str]:
    """Return the names of the fields that differ: `["summary", "body", "address"]`."""
    fields = [name for name in draft if name not in {"id", "type", "meta"}]
    found = [name for name in fields if _shown(live.get(name)) != _shown(draft[name])]
    found += [name for name in META if live["meta"].get(name) != draft["meta"].get(name)]
    return [{"slug": "address"}.get(name, name.replace("_", " ")) for name in found]


def _shown(value: Any) -> Any:
    """Return a value without what nobody sees: ids of blocks, and which pictures of an image have been made yet."""
    if isinstance(value, str):
        return BLOCK_KEY.sub("", value)
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if isinstance(value, dict):
        kept = {"id", "alt", "focal_point"} if "sources" in value else set(value)
        if {"type", "value"} <= kept:
            kept -= {"id"}
        return {name: _shown(item) for name, item in value.items() if name in kept}
    return value
