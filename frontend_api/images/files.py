"""Examines image files: what kind they are, whether they can be read to the end, and how they have to be stored.

Libraries raise all kinds of exceptions for a damaged file; here every one of them becomes `UnreadableFileError`.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, NamedTuple

import willow
from PIL import ExifTags, Image, ImageOps, ImageSequence

from . import drawings
from .colours import in_common_colours
from .containers import PNG_SIGNATURE, strip
from .limits import most_pixels

OPAQUE = "opaque"
"""A picture without transparency, whose fallback format is JPEG."""
TRANSPARENT = "transparent"
"""A picture with some transparency, whose fallback format is PNG."""
AS_IT_IS = "as_it_is"
"""A drawing (SVG) or an animation, which is delivered unchanged because a rendition would defeat its purpose."""
BROKEN = "broken"
"""A file that is missing, cannot be read or is too large; it is never shown."""

MISSING = "missing"
"""The problem of a file that is not in its storage."""
DAMAGED = "damaged"
"""The problem of a file that cannot be read to its end."""
TOO_MANY_PIXELS = "too_many_pixels"
"""The problem of a picture that is larger than the setting allows, and would take too long to decode."""
TOO_MUCH_MEMORY = "too_much_memory"
"""The problem of a picture that takes more memory or time to be encoded than the service has for one."""

PLACEHOLDER_WIDTH = 16
PLACEHOLDER_QUALITY = 40

# How many pixels of an animation are read to check that it is complete: a second or two of work.
MOST_PIXELS = 50_000_000

# The formats of the web, which are stored as they came; in them several frames are an animation. In others, such as
# those of phones and scanners, they are further pages, a burst, or the depth of the picture.
_KEPT = frozenset({"gif", "jpeg", "png", "webp"})
_MOVING = frozenset({"avif", "gif", "png", "webp"})
_EXTENSIONS = {"gif": "gif", "jpeg": "jpg", "png": "png", "svg": "svg", "webp": "webp"}
_BRANDS = {
    "avif": {b"avif", b"avis"},
    "heic": {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"},
}
_JPEG_QUALITY = 92
_JPEG_LONGEST = 65_500


class UnreadableFileError(Exception):
    """Raised for a file that is not a picture, ends too early, or is damaged in another way."""

    problem = DAMAGED


class TooManyPixelsError(UnreadableFileError):
    """Raised, before anything is decoded, for a picture that is larger than the setting allows."""

    problem = TOO_MANY_PIXELS


class TooMuchMemoryError(UnreadableFileError):
    """Raised for a picture that takes more memory or time to be encoded than it may."""

    problem = TOO_MUCH_MEMORY


class Examined(NamedTuple):
    """What a file is, and the file as it has to be stored: upright, in common colours, without metadata."""

    kind: str
    placeholder: str | None
    """`data:image/webp;base64,…`, or None for a drawing."""
    content: bytes
    """The very bytes that were examined, if they are in order."""
    extension: str


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except UnreadableFileError:
        raise
    except MemoryError as error:
        raise TooMuchMemoryError("It takes more memory than there is.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixelsError(str(error)) from error
    except Exception as error:
        raise UnreadableFileError(f"{type(error).__name__}: {error}") from error


def format_of(content: bytes) -> str:
    """Return the format of a file, such as `jpeg`, by its first bytes; raises `UnreadableFileError`."""
    # Wagtail's library knows no PNG that moves, nor all that cameras call HEIC.
    if content.startswith(PNG_SIGNATURE):
        return "png"
    if content[4:8] == b"ftyp":
        box = content[8 : min(int.from_bytes(content[:4]), 512)]
        brands = {box[place : place + 4] for place in range(0, len(box), 4)}
        form = next((form for form, known in _BRANDS.items() if brands & known), None)
        if form:
            return form
    with _reading():
        return str(willow.Image.open(BytesIO(content)).format_name)


def examine(content: bytes, *, to_the_end: bool = False) -> Examined:
    """Return what a file is; with `to_the_end`, an animation is read to its last frame.

    Raises `UnreadableFileError`.
    """
    form = format_of(content)
    with _reading():
        if form == "svg":
            return Examined(AS_IT_IS, None, drawings.clean(content), "svg")
        stripped, exif = strip(form, content)
        with Image.open(BytesIO(stripped)) as picture:
            _refuse_too_large(picture)
            if form in _MOVING and getattr(picture, "is_animated", False):
                return _examine_moving(picture, form, stripped, to_the_end=to_the_end)
            return _examine_still(picture, form, stripped, exif)


def pixels_of(content: bytes) -> int:
    """Return how many pixels are decoded of a file, by its first bytes; a drawing has none.

    Raises `UnreadableFileError`, also for a picture with more pixels than it may have.
    """
    form = format_of(content)
    if form == "svg":
        return 0
    with _reading(), Image.open(BytesIO(strip(form, content).content)) as picture:
        # Of animations that become another format, all frames are held at once.
        count = getattr(picture, "n_frames", 1) if form in {"avif", "png"} else 1
        _refuse_too_large(picture)
        return int(picture.width * picture.height * count)


def encodable(content: bytes) -> bytes:
    """Return a file that can be encoded in every format, upright, and shows nothing but the picture.

    Raises `UnreadableFileError`, also for a picture that is too large to be encoded.
    """
    return examine(content).content


def _examine_still(picture: Image.Image, form: str, stripped: bytes, exif: bytes) -> Examined:
    upright = _upright(picture, exif)
    shown, profile = in_common_colours(upright)
    is_kept = form in _KEPT and shown is picture
    if is_kept and profile is None and "icc_profile" in picture.info:
        stripped = strip(form, stripped, keep_profile=False).content
    kind, placeholder = _kind(shown), _placeholder(shown)
    if is_kept:
        return Examined(kind, placeholder, stripped, _EXTENSIONS[form])
    return Examined(kind, placeholder, *_encoded(shown, form, profile))


def _examine_moving(
    picture: Image.Image, form: str, stripped: bytes, *, to_the_end: bool
) -> Examined:
    placeholder = _placeholder(picture.convert("RGBA" if _has_alpha(picture) else "RGB"))
    if to_the_end:
        _read_frames(picture)
    if form in _KEPT and form != "png":
        return Examined(AS_IT_IS, placeholder, stripped, _EXTENSIONS[form])
    # Wagtail takes no PNG that moves, and what else is in an AVIF nobody knows.
    frames = list(_frames(picture))
    durations = [frame.info.get("duration", 100) for frame in frames]
    buffer = BytesIO()
    frames[0].save(
        buffer,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        exif=b"",
        xmp=b"",
    )
    return Examined(AS_IT_IS, placeholder, buffer.getvalue(), "webp")


def _frames(picture: Image.Image) -> Iterator[Image.Image]:
    for frame in ImageSequence.Iterator(picture):
        _refuse_too_large(picture, picture.tell() + 1)
        yield frame.copy()


def _read_frames(picture: Image.Image) -> None:
    """Read an animation to its last frame. A few bytes can hold a thousand enormous ones: `MOST_PIXELS` is the end."""
    room = MOST_PIXELS
    for frame in ImageSequence.Iterator(picture):
        room -= frame.width * frame.height
        if room < 0:
            return
        _refuse_too_large(frame)
        frame.load()


def _refuse_too_large(picture: Image.Image, count: int = 1) -> None:
    most, pixels = most_pixels(), picture.width * picture.height * count
    if most is not None and pixels > most:
        raise TooManyPixelsError(f"{picture.width} x {picture.height} x {count} pixels")


def _upright(picture: Image.Image, exif: bytes) -> Image.Image:
    """Return a picture as it was taken, whichever way the camera was held; itself if nothing has to be turned."""
    if exif:
        # The block was taken out of the file, so what decides is put back, and nothing else.
        orientation = _orientation(exif)
        picture.getexif()[ExifTags.Base.Orientation] = orientation
    elif picture.format in {"JPEG", "MPO", "PNG", "GIF", "WEBP"}:
        return picture
    else:
        orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    return ImageOps.exif_transpose(picture) if orientation in range(2, 9) else picture


def _orientation(exif: bytes) -> int:
    read = Image.Exif()
    try:
        read.load(exif)
        found: Any = read.get(ExifTags.Base.Orientation, 1)
    except Exception:
        # The notes are damaged, and the picture need not be.
        return 1
    return found if isinstance(found, int) else 1


def _has_alpha(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _kind(picture: Image.Image) -> str:
    if not _has_alpha(picture):
        return OPAQUE
    alpha = picture if picture.mode in {"LA", "RGBA"} else picture.convert("RGBA")
    lowest: Any = alpha.getchannel("A").getextrema()[0]
    return TRANSPARENT if lowest < 255 else OPAQUE


def _encoded(picture: Image.Image, form: str, profile: bytes | None) -> tuple[bytes, str]:
    """Return a file of a picture, without anything else: a PNG where its colours ask for one, else a JPEG."""
    buffer = BytesIO()
    is_drawn = picture.mode in {"1", "P"} or _has_alpha(picture) or form == "png"
    if is_drawn or max(picture.size) > _JPEG_LONGEST:
        # A palette keeps what in it cannot be seen.
        known = (
            {"transparency": picture.info["transparency"]}
            if picture.mode == "P" and _has_alpha(picture)
            else {}
        )
        picture.save(buffer, "PNG", compress_level=1, icc_profile=profile, exif=b"", **known)
        return buffer.getvalue(), "png"
    picture.save(
        buffer, "JPEG", quality=_JPEG_QUALITY, icc_profile=profile, exif=b"", xmp=b"", comment=b""
    )
    return strip("jpeg", buffer.getvalue()).content, "jpg"


def _placeholder(picture: Image.Image) -> str:
    height = max(1, round(picture.height * PLACEHOLDER_WIDTH / picture.width))
    common = picture.convert("RGBA" if _has_alpha(picture) else "RGB")
    # A very tall picture is squeezed: that is as good a placeholder, and stays small.
    small = common.resize((PLACEHOLDER_WIDTH, min(height, 4 * PLACEHOLDER_WIDTH)))
    buffer = BytesIO()
    small.save(buffer, "WEBP", quality=PLACEHOLDER_QUALITY, method=6)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
