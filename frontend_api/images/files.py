"""Examines image files: what kind they are, whether they can be read to the end, and in which colour mode.

Libraries raise all kinds of exceptions for a damaged file; here every one of them becomes `UnreadableFileError`.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, cast

import willow
from PIL import Image, ImageOps, ImageSequence

OPAQUE = "opaque"
"""A picture without transparency, whose fallback format is JPEG."""
TRANSPARENT = "transparent"
"""A picture with some transparency, whose fallback format is PNG."""
AS_IT_IS = "as_it_is"
"""A drawing (SVG) or an animation, which is delivered unchanged because a rendition would defeat its purpose."""
BROKEN = "broken"
"""A file that is missing or cannot be read; it is never shown."""

PLACEHOLDER_WIDTH = 16
PLACEHOLDER_QUALITY = 40

# How many pixels of a file are read to check that it is complete: a second or two of work.
MOST_PIXELS = 50_000_000

# The modes that can be encoded in every format. Scanners, printers and satellites use others.
_COMMON = {"1", "L", "LA", "P", "RGB", "RGBA"}


class UnreadableFileError(Exception):
    """Raised for a file that is not a picture, ends too early, or is damaged in another way."""


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise UnreadableFileError(f"{type(error).__name__}: {error}") from error


def examine(content: bytes) -> tuple[str, str | None]:
    """Return the kind of a file and its placeholder, `data:image/webp;base64,…` (None for SVG).

    Raises `UnreadableFileError`.
    """
    with _reading():
        opened = willow.Image.open(BytesIO(content))
        if opened.format_name == "svg":
            return AS_IT_IS, None
        picture: Image.Image = opened.get_pillow_image()
        # Willow reports no picture that Pillow reads as animated, so ask Pillow.
        moves = getattr(picture, "is_animated", False)
        picture = _in_common_mode(ImageOps.exif_transpose(picture))
        see_through = "A" in picture.getbands() or "transparency" in picture.info
        picture = picture.convert("RGBA" if see_through else "RGB")
        if moves:
            return AS_IT_IS, _placeholder(picture)
        lowest: Any = picture.getchannel("A").getextrema()[0] if see_through else 255
        return (TRANSPARENT if lowest < 255 else OPAQUE), _placeholder(picture)


def read_to_end(content: bytes) -> None:
    """Read a file to its end, an animation to its last frame; raises `UnreadableFileError`.

    A few bytes can hold a thousand enormous frames, so reading stops after `MOST_PIXELS`.
    """
    examine(content)
    with _reading():
        opened = willow.Image.open(BytesIO(content))
        if opened.format_name == "svg":
            return
        room = MOST_PIXELS
        for frame in ImageSequence.Iterator(opened.get_pillow_image()):
            room -= frame.width * frame.height
            if room < 0:
                return
            frame.load()


def encodable(content: bytes) -> bytes:
    """Return a file that can be encoded in every format: `content` itself, or a PNG if its mode is uncommon.

    The PNG looks the same and keeps the EXIF orientation. Raises `UnreadableFileError`.
    """
    with _reading():
        if willow.Image.open(BytesIO(content)).format_name == "svg":
            return content
        with Image.open(BytesIO(content)) as picture:
            if picture.mode in _COMMON:
                return content
            exif = picture.getexif()
            buffer = BytesIO()
            _in_common_mode(picture).save(buffer, "PNG", exif=exif, icc_profile=None)
        return buffer.getvalue()


def _in_common_mode(picture: Image.Image) -> Image.Image:
    if picture.mode in _COMMON:
        return picture
    if picture.mode == "F" or picture.mode.startswith("I"):
        return _in_grey(picture)
    return picture.convert("RGBA" if picture.mode[-1] in "Aa" else "RGB")


def _in_grey(picture: Image.Image) -> Image.Image:
    """Return a picture of one channel with many shades as greyscale with 256 shades.

    Pillow's own conversion would turn everything above the darkest 256th of the range white.
    """
    wide = picture.convert("F")
    darkest, brightest = cast("tuple[float, float]", wide.getextrema())
    if picture.mode.startswith("I;16") or (darkest >= 0 and 255 < brightest <= 65_535):
        darkest, brightest = 0, 65_535
    elif picture.mode == "I" and darkest >= 0 and brightest <= 255:
        darkest, brightest = 0, 255
    scale = 255 / ((brightest - darkest) or 1)
    return wide.point(lambda shade: shade * scale - darkest * scale).convert("L")


def _placeholder(picture: Image.Image) -> str:
    height = max(1, round(picture.height * PLACEHOLDER_WIDTH / picture.width))
    # A very tall picture is squeezed: that is as good a placeholder, and stays small.
    small = picture.resize((PLACEHOLDER_WIDTH, min(height, 4 * PLACEHOLDER_WIDTH)))
    buffer = BytesIO()
    small.save(buffer, "WEBP", quality=PLACEHOLDER_QUALITY, method=6)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
