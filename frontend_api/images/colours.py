"""Turns pictures of any colour mode, with any profile, into what every format and every browser shows alike."""

from io import BytesIO
from typing import Any, cast

from PIL import Image, ImageChops, ImageCms

# The modes that can be encoded in every format. Scanners, printers and satellites use others.
COMMON = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})

# Profiles of screens and cameras have some hundred bytes or kilobytes.
MOST_PROFILE = 1024 * 1024

_SRGB = ImageCms.createProfile("sRGB")


def in_common_colours(picture: Image.Image) -> tuple[Image.Image, bytes | None]:
    """Return a picture in one of the `COMMON` modes, and the profile that its colours are in; None is sRGB.

    It is the picture itself where nothing has to be converted. A profile that is damaged, or for other colours than
    those of the picture, says nothing of it and is left out.
    """
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "RGBA", "P"}:
        return _seen_through(picture), profile if _to_srgb(profile, "RGB") else None
    if profile and picture.mode in {"L", "LA", "CMYK"}:
        colours = picture.mode.removesuffix("A")
        transform = _to_srgb(profile, colours)
        if transform:
            return _transformed(picture, transform, colours), None
    return _seen_through(_in_common_mode(picture)), None


def _to_srgb(profile: bytes, mode: str) -> Any:
    """Return the transform of a profile's colours to sRGB, or None if it is none of this mode."""
    if len(profile) > MOST_PROFILE:
        return None
    try:
        read = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.buildTransform(read, _SRGB, mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _transformed(picture: Image.Image, transform: Any, mode: str) -> Image.Image:
    seen_through = _seen_through(picture)
    alpha = seen_through.getchannel("A") if "A" in seen_through.getbands() else None
    plain = seen_through.convert(mode) if seen_through.mode != mode else seen_through
    shown = cast("Image.Image", ImageCms.applyTransform(plain, transform))
    if mode == "L":
        shown = shown.convert("L")
    if alpha is not None:
        shown.putalpha(alpha)
    return shown


def _in_common_mode(picture: Image.Image) -> Image.Image:
    if picture.mode in COMMON:
        return picture
    if picture.mode == "F" or picture.mode.startswith("I"):
        return _in_grey(picture)
    if picture.mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        transform = ImageCms.buildTransform(lab, _SRGB, "LAB", "RGB")
        return cast("Image.Image", ImageCms.applyTransform(picture, transform))
    return picture.convert("RGBA" if picture.mode[-1] in "Aa" else "RGB")


def _seen_through(picture: Image.Image) -> Image.Image:
    """Return a picture with an alpha channel if one of its colours is see-through: resizing would mix that colour."""
    see_through = picture.info.get("transparency")
    if see_through is None or picture.mode not in {"1", "L", "RGB"}:
        return picture
    if isinstance(see_through, tuple) and max(see_through) > 255:
        # The colour is in 16 bits, and the picture was read in 8.
        picture = picture.copy()
        picture.info["transparency"] = tuple(shade >> 8 for shade in see_through)
    return picture.convert("RGBA" if picture.mode == "RGB" else "LA")


def _in_grey(picture: Image.Image) -> Image.Image:
    """Return a picture of one channel with many shades as greyscale with 256 shades.

    Pillow's own conversion would turn everything above the darkest 256th of the range white.
    """
    wide = picture.convert("F")
    darkest, brightest = cast("tuple[float, float]", wide.getextrema())
    see_through = picture.info.get("transparency")
    if picture.mode.startswith("I;16") or (darkest >= 0 and 255 < brightest <= 65_535):
        darkest, brightest = 0, 65_535
    elif picture.mode == "I" and darkest >= 0 and brightest <= 255:
        darkest, brightest = 0, 255
    scale = 255 / ((brightest - darkest) or 1)
    grey = wide.point(lambda shade: shade * scale - darkest * scale).convert("L")
    grey.info.pop("transparency", None)
    if isinstance(see_through, int):
        # White on each side of the shade, and black at it alone.
        above = wide.point(lambda shade: shade * 255 - see_through * 255).convert("L")
        below = wide.point(lambda shade: shade * -255 + see_through * 255).convert("L")
        grey.putalpha(ImageChops.lighter(above, below))
    return grey
