"""Examines and encodes large pictures in processes of their own, with a bound on their memory and on their time.

So a picture that needs more than there is ends that process, and never a worker, nor the server. On a machine one is
examined and one encoded at a time: an editor who uploads a picture does not wait for renditions of others.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from frontend_api import conf

from .files import (
    TOO_MANY_PIXELS,
    TOO_MUCH_MEMORY,
    Examined,
    TooManyPixelsError,
    TooMuchMemoryError,
    UnreadableFileError,
    examine,
    pixels_of,
)
from .one_at_a_time import one_at_a_time

LARGE = 16_000_000
"""A picture with more pixels is worked at apart; starting a process takes as long as encoding one of half of them."""
MOST_SECONDS = 300
"""How long one picture may take, in all its renditions."""
MOST_SECONDS_OF_EXAMINATION = 15
"""How long one may take to be examined, for which an editor waits."""
_FOCUS = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")
_ERRORS = {TOO_MANY_PIXELS: TooManyPixelsError, TOO_MUCH_MEMORY: TooMuchMemoryError}


def is_large(image: Any) -> bool:
    """Return whether a picture is encoded apart."""
    return int(image.width) * int(image.height) > LARGE


def examined(content: bytes, *, to_the_end: bool = False, waiting: float | None = None) -> Examined:
    """Return what a file is, as `files.examine` does; a large picture is decoded in a process of its own.

    Raises `UnreadableFileError`, `TooMuchMemoryError` where it takes more than it may, and `TimeoutError` where others
    are examined for longer than `waiting` seconds.
    """
    if pixels_of(content) <= LARGE:
        return examine(content, to_the_end=to_the_end)
    with one_at_a_time("examination", waiting):
        asked = {"task": "examine", "to_the_end": to_the_end}
        answer, [changed] = _done_apart(asked, content, MOST_SECONDS_OF_EXAMINATION)
    # What is in order need not come back.
    kept = content if answer["is_in_order"] else changed
    return Examined(answer["kind"], answer["placeholder"], kept, answer["extension"])


def encoded(image: Any, content: bytes, specs: Sequence[str]) -> dict[str, tuple[str, bytes]]:
    """Return name and content of each rendition of a picture that could be made, by its spec.

    `content` is its file. Raises `UnreadableFileError`, and `TooMuchMemoryError` where it takes more than it may.
    """
    asked = {
        "task": "encode",
        "specs": list(specs),
        "name": image.file.name,
        "image": {name: getattr(image, name) for name in ("width", "height", *_FOCUS)},
    }
    with one_at_a_time("encoding"):
        answer, made = _done_apart(asked, content, MOST_SECONDS)
    return {spec: (name, part) for (spec, name), part in zip(answer["made"], made, strict=True)}


def _done_apart(
    asked: dict[str, Any], content: bytes, seconds: int
) -> tuple[dict[str, Any], list[bytes]]:
    """Have a process of its own do something with a file, and return its answer and the files that it made."""
    asked = {**asked, "megabytes": conf.image_memory()}
    # Whatever made modules importable here, the other process finds them in the same places.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        # Of what is run, nothing comes from outside.
        done = subprocess.run(
            [sys.executable, "-m", "frontend_api.images.encoder"],
            input=json.dumps(asked).encode() + b"\n" + content,
            env=environment,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooMuchMemoryError(f"It takes more than {seconds} seconds.") from error
    if done.returncode < 0:
        # Libraries that get no memory may end a process.
        raise TooMuchMemoryError(f"Its process ended by signal {-done.returncode}.")
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise UnreadableFileError(f"Its process failed: {' '.join(lines[-1:])}")
    first, _, rest = done.stdout.partition(b"\n")
    answer: dict[str, Any] = json.loads(first)
    if "problem" in answer:
        raise _ERRORS.get(answer["problem"], UnreadableFileError)(answer["says"])
    parts, place = [], 0
    for size in answer["sizes"]:
        parts.append(rest[place : place + size])
        place += size
    return answer, parts
