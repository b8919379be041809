"""Golden JSON: a whole representation as a file, compared key by key.

What differs from run to run (ids, the random end of a file's name) is replaced by what it stands for. To write the
files anew: `GOLDEN=write make test ARGS="-k golden"`, then read the difference.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "frontend_api" / "golden"

# What an object may be known by, the first that it has.
NAMES = ("title", "name", "text")


def assert_golden(name: str, representation: Any) -> None:
    """Fail unless `representation` is what the file `name` holds."""
    path = FOLDER / f"{name}.json"
    stable = stabilised(representation)
    if os.environ.get("GOLDEN") == "write":
        path.write_text(json.dumps(stable, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    expected = json.loads(path.read_text(encoding="utf-8"))
    assert stable == expected
    # Two dicts are equal in any order; the order is part of what readers of the JSON see.
    assert json.dumps(stable) == json.dumps(expected)


def stabilised(value: Any) -> Any:
    """Return `value` with the id of each object replaced by what the object is known by."""
    if isinstance(value, list):
        return [stabilised(item) for item in value]
    if isinstance(value, dict):
        stable = {key: stabilised(item) for key, item in value.items()}
        if isinstance(value.get("id"), int):
            known_by = [value[key] for key in NAMES if key in value]
            stable["id"] = f"id of {(known_by or [value['meta']['type']])[0]}"
        if "detail_url" in value:
            stable["detail_url"] = re.sub(r"/\d+/$", "/(id)/", value["detail_url"])
        return stable
    if isinstance(value, str):
        # Another build of the encoder may give other bytes.
        value = re.sub(r"^(data:image/webp;base64,).+", r"\1(…)", value)
        value = re.sub(r"(picture|report)_\w{7}\.", r"\1.", value)
        return re.sub(r"/documents/\d+/", "/documents/(id)/", value)
    return value
