"""A block in a body as JSON, which still knows the block that it was made by."""

from collections.abc import Mapping
from typing import Any


class StreamChild(dict[str, Any]):
    """`{"type": "quote", "value": {…}, "id": "…"}`; to JSON it is an object like any other."""

    def __init__(self, form: Mapping[str, Any], block: Any) -> None:
        super().__init__(form)
        self.block = block
