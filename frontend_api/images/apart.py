"""Encodes a large picture in a process of its own, one at a time, with a bound on its memory and on its time.

So a picture that needs more than there is ends that process, and never a worker, nor the server.
"""

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

from frontend_api import conf

from .files import TooMuchMemoryError, UnreadableFileError

LARGE = 16_000_000
"""A picture with more pixels is encoded apart; starting a process takes as long as encoding one of half of them."""
MOST_SECONDS = 300
"""How long one picture may take, in all its renditions."""
_FOCUS = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")
_one_at_a_time = threading.Lock()


def is_large(image: Any) -> bool:
    """Return whether a picture is encoded apart."""
    return int(image.width) * int(image.height) > LARGE


def encoded(image: Any, content: bytes, specs: Sequence[str]) -> dict[str, tuple[str, bytes]]:
    """Return name and content of each rendition of a picture that could be made, by its spec.

    `content` is its file. Raises `UnreadableFileError`, and `TooMuchMemoryError` where it takes more than it may.
    """
    asked = {
        "specs": list(specs),
        "megabytes": conf.image_memory(),
        "name": image.file.name,
        "image": {name: getattr(image, name) for name in ("width", "height", *_FOCUS)},
        "content": base64.b64encode(content).decode(),
    }
    # Whatever made modules importable here, the other process finds them in the same places.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with _one_at_a_time:
        try:
            # Of what is run, nothing comes from outside.
            done = subprocess.run(
                [sys.executable, "-m", "frontend_api.images.encoder"],
                input=json.dumps(asked).encode(),
                env=environment,
                capture_output=True,
                timeout=MOST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TooMuchMemoryError(f"It takes more than {MOST_SECONDS} seconds.") from error
    if done.returncode < 0:
        # Libraries that get no memory may end a process.
        raise TooMuchMemoryError(f"Its process ended by signal {-done.returncode}.")
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise UnreadableFileError(f"It could not be encoded: {' '.join(lines[-1:])}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if answer["takes_too_much"]:
        raise TooMuchMemoryError(f"It takes more than {conf.image_memory()} megabytes of memory.")
    return {spec: (name, base64.b64decode(made)) for spec, name, made in answer["made"]}
