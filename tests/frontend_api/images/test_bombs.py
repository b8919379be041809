"""A small file that unpacks to an enormous picture takes little time and memory: it is refused, or read in bounds."""

import gzip
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests import factories

from .cameras import PROFILES, photograph

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[3]
SECONDS, MEGABYTES = 30, 900

# The process may have no more memory, nor compute longer: beyond that it ends with an error.
EXAMINE = f"""
import resource, sys
import django
django.setup()
from frontend_api.images.files import UnreadableFileError, examine
content = open(sys.argv[1], "rb").read()
resource.setrlimit(resource.RLIMIT_AS, ({MEGABYTES} << 20, {MEGABYTES} << 20))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
try:
    print(examine(content, to_the_end=True).kind)
except UnreadableFileError as error:
    print(error.problem)
"""


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *extra: bytes, claimed: int = 1) -> bytes:
    """Return a PNG that unpacks to this many pixels, all black, or claims to be so many times as wide and high."""
    packer = zlib.compressobj(9)
    row = bytes(1 + width * 3)
    data = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    header = struct.pack(">IIBBBBB", width * claimed, height * claimed, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *extra, chunk(b"IDAT", data), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def gif(count: int) -> bytes:
    """Return a GIF of many frames of eight megapixels."""
    plain = factories.encoded(Image.new("P", (4000, 2000)), "GIF")
    # The one frame, again and again, with a dot that keeps programs from leaving it out.
    start = plain.index(b"\x2c")
    return plain[:start] + plain[start:-1] * count + b"\x3b"


def packed(megabytes: int) -> bytes:
    return zlib.compress(bytes(megabytes << 20), 9)


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "121 megapixels": (lambda: png(11_000, 11_000), "too_many_pixels"),
    "more than fit into memory": (lambda: png(40, 40, claimed=1_500), "too_many_pixels"),
    "ten thousand frames": (lambda: gif(10_000), "as_it_is"),
    "a profile of 200 MB": (
        lambda: png(40, 40, chunk(b"iCCP", b"x\0\0" + packed(200))),
        "damaged",
    ),
    "a text of 200 MB": (lambda: png(40, 40, chunk(b"zTXt", b"x\0\0" + packed(200))), "opaque"),
    "a thousand texts": (
        lambda: png(40, 40, *[chunk(b"zTXt", b"x\0\0" + packed(1))] * 1_000),
        "opaque",
    ),
    "notes of 4 GB": (
        lambda: photograph("JPEG").replace(b"MM\0*", b"MM\0+").replace(b"II*\0", b"II+\0"),
        "opaque",
    ),
    "a profile in 16 MB": (
        lambda: factories.encoded(
            Image.new("RGB", (40, 40)),
            "JPEG",
            icc_profile=(PROFILES["sRGB"] or b"") + bytes(15 << 20),
        ),
        "opaque",
    ),
    "entities": (
        lambda: (
            b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
            + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10))
            + b']><svg xmlns="http://www.w3.org/2000/svg">&k;</svg>'
        ),
        "damaged",
    ),
    "shapes in shapes": (
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 500_000 + b"</g>" * 500_000,
        "damaged",
    ),
    "a packed drawing": (
        lambda: gzip.compress(b'<svg xmlns="http://www.w3.org/2000/svg"/>' + bytes(100 << 20)),
        "damaged",
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_or_read_in_bounds(tmp_path: Path, bomb: str) -> None:
    make, said = BOMBS[bomb]
    file = tmp_path / "bomb"
    file.write_bytes(make())
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", EXAMINE, str(file)],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "cms.settings.test"},
        capture_output=True,
        text=True,
        check=False,
        timeout=20 * SECONDS,
    )
    assert done.stdout.strip() == said, done.stderr[-2000:]
    assert time.monotonic() - started < 20 * SECONDS
