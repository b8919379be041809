"""`python -m tests.benchmarks.large_pictures`: what the largest picture that is taken costs to be read and encoded.

Each has as many megapixels as `IMAGE_MAX_MEGAPIXELS` allows, full of noise so that nothing packs well, and is worked
at in a process of its own, as after an upload. What is printed is that process's memory at its height and for how long
it keeps a core busy.
"""

import json
import os
import platform
import subprocess
import sys
from io import BytesIO
from typing import Any

import django
from PIL import Image

FORMATS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 75},
    "JPEG, progressive": {"quality": 75, "progressive": True},
    "PNG": {"compress_level": 1},
    "PNG with transparency": {"compress_level": 1},
    "TIFF": {},
    "WEBP": {"quality": 50, "method": 0},
}


def picture(name: str, pixels: int) -> bytes:
    """Return a file with so many pixels."""
    width = int((pixels * 3 / 2) ** 0.5)
    size = width, pixels // width
    noise = Image.effect_noise((size[0] // 4, size[1] // 4), 40).resize(size)
    mode = "RGBA" if "transparency" in name else "RGB"
    shown = Image.merge(mode, [noise] * len(mode))
    buffer = BytesIO()
    shown.save(buffer, name.partition(",")[0].partition(" ")[0], **FORMATS[name])
    return buffer.getvalue()


def taken(asked: dict[str, Any], content: bytes) -> tuple[float, float, str]:
    """Have the encoder do something, and return megabytes, seconds, and what came of it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "frontend_api.images.encoder"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    with process.stdin:
        process.stdin.write(json.dumps(asked).encode() + b"\n" + content)
    with process.stdout:
        answer = process.stdout.readline()
        process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    said = json.loads(answer) if answer else {"problem": "ended"}
    return (
        usage.ru_maxrss / 1024,
        usage.ru_utime + usage.ru_stime,
        said.get("problem") or f"{len(said.get('made', [])) or said.get('extension')}",
    )


def main() -> None:
    """Print what each format takes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()

    from frontend_api import conf
    from frontend_api.images.files import encodable
    from frontend_api.images.limits import most_pixels
    from frontend_api.images.uses import use_named

    pixels = most_pixels() or 60_000_000
    specs = sorted({spec for name in conf.image_uses() for spec in use_named(name).specs()})
    print(f"Python {platform.python_version()}, {pixels / 1e6:.0f} megapixels\n")
    print("| format | its file | to be read | to be encoded |\n| --- | --- | --- | --- |")
    for name in FORMATS:
        content = picture(name, pixels)
        common: dict[str, Any] = {"megabytes": int(os.environ.get("MEGABYTES", "4096"))}
        read = taken({**common, "task": "examine", "to_the_end": True}, content)
        stored = encodable(content)
        with Image.open(BytesIO(stored)) as shown:
            width, height = shown.size
        image = {"width": width, "height": height}
        focus = dict.fromkeys(f"focal_point_{one}" for one in ("x", "y", "width", "height"))
        made = taken(
            {
                **common,
                "task": "encode",
                "specs": specs,
                "name": "x.jpg",
                "image": image | focus,
            },
            stored,
        )
        cells = [f"{one[0]:.0f} MB, {one[1]:.1f} s ({one[2]})" for one in (read, made)]
        print(f"| {name} | {len(content) / 1e6:.0f} MB | {cells[0]} | {cells[1]} |", flush=True)


if __name__ == "__main__":
    main()
