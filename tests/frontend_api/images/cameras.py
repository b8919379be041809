"""Files as cameras, phones, scanners and programs write them, each of the same picture."""

from io import BytesIO
from typing import Any

from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from tests import factories

WIDTH, HEIGHT = 60, 40
SECRET = b"47.01 N, at home"
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825

# How a picture is stored by a camera that was held in each of the eight ways.
TURNED: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
MODES: dict[str, tuple[str, ...]] = {
    "JPEG": ("RGB", "L", "CMYK"),
    "MPO": ("RGB", "L"),
    "PNG": ("RGB", "L", "1", "P", "LA", "RGBA", "I;16", "RGB+colour", "L+colour", "I;16+colour"),
    "APNG": ("RGB", "RGBA", "P"),
    "WEBP": ("RGB", "RGBA"),
    "TIFF": ("RGB", "L", "1", "P", "RGBA", "CMYK", "LAB", "YCbCr", "I;16", "I;16B", "I", "F"),
    "AVIF": ("RGB", "RGBA"),
    "HEIF": ("RGB", "RGBA", "L"),
    "BMP": ("RGB", "L", "1", "P"),
    "GIF": ("P", "L"),
}
EXTENSIONS = {
    "APNG": "png",
    "AVIF": "avif",
    "BMP": "bmp",
    "GIF": "gif",
    "HEIF": "heic",
    "JPEG": "jpg",
    "MPO": "jpg",
    "PNG": "png",
    "TIFF": "tif",
    "WEBP": "webp",
}
PROFILES = {
    "none": None,
    "sRGB": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    "of other colours": ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
    "damaged": b"no profile" * 20,
}


def shown(mode: str = "RGB") -> Image.Image:
    """Return the picture: dark at the top left, light elsewhere."""
    grey = Image.new("L", (WIDTH, HEIGHT), 235)
    grey.paste(20, (0, 0, WIDTH // 2, HEIGHT // 2))
    mode = mode.removesuffix("+colour")
    if mode.startswith("I;16"):
        wide = Image.new("I;16", grey.size)
        wide.putdata([shade * 257 for shade in grey.tobytes()])
        return wide
    if mode in {"I", "F"}:
        return grey.convert("F").point(lambda shade: shade * 257 + 0).convert(mode)
    if mode == "LAB":
        transform = ImageCms.buildTransform(
            ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
        )
        lab = ImageCms.applyTransform(grey.convert("RGB"), transform)
        assert lab is not None
        return lab
    return grey.convert("RGB").convert(mode)


def is_shown(picture: Image.Image) -> bool:
    """Return whether this is the picture, whatever its size and its mode."""
    assert abs(picture.width / picture.height - WIDTH / HEIGHT) < 0.08, picture.size
    grey = picture.convert("RGBA").convert("L").resize((WIDTH, HEIGHT))
    points = {(10, 8): True, (50, 8): False, (10, 32): False, (50, 32): False}
    found: Any = {point: grey.getpixel(point) for point in points}
    return all((found[point] < 110) == dark for point, dark in points.items())


def exif(orientation: int = 1, form: str = "JPEG") -> Image.Exif:
    """Return the notes of a camera: how it was held, whose it is, and where it was."""
    notes = Image.Exif()
    notes[ORIENTATION] = orientation
    notes[MAKE] = SECRET.decode()
    if form != "TIFF":
        place = notes.get_ifd(GPS)
        place[1], place[2] = "N", (47.0, 1.0, 2.0)
        # A thumbnail, a maker's own notes and the like follow in the same block.
        place[0x1B] = SECRET
    return notes


def photograph(
    form: str,
    mode: str = "RGB",
    orientation: int = 1,
    *,
    profile: str = "none",
    told: bool = True,
    size: tuple[int, int] | None = None,
) -> bytes:
    """Return a file of the picture, with all kinds of notes in it if `told`."""
    picture = shown(mode)
    if size:
        picture = picture.resize(size)
    if form in {"GIF", "BMP"}:
        orientation = 1
    if orientation in TURNED:
        picture = picture.transpose(TURNED[orientation])
    options: dict[str, Any] = {"icc_profile": PROFILES[profile]} if PROFILES[profile] else {}
    if form not in {"GIF", "BMP"} and (told or orientation != 1):
        notes = exif(orientation, form)
        if form == "TIFF":
            ifd = ImageFileDirectory_v2()
            ifd.update(dict(notes))
            options["tiffinfo"] = ifd
        else:
            options["exif"] = notes.tobytes()
    return _saved(picture, form, mode, options, told=told)


def _saved(
    picture: Image.Image, form: str, mode: str, options: dict[str, Any], *, told: bool
) -> bytes:
    other = Image.new(picture.mode, picture.size)
    if form == "MPO" or (form == "TIFF" and told):
        options |= {"save_all": True, "append_images": [other]}
    elif form == "APNG":
        # One frame, which is no animation, beside the picture that others show.
        options |= {"save_all": True, "default_image": True, "append_images": [other]}
        form = "PNG"
    elif form == "HEIF":
        options |= {"save_all": True, "append_images": [other]}
    if mode.endswith("+colour"):
        options["transparency"] = {"RGB": (255, 0, 0), "L": 128, "I;16": 40_000}[picture.mode]
    if told and form == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Author", SECRET.decode())
        texts.add_text("Place", SECRET.decode(), zip=True)
        options["pnginfo"] = texts
    if told and form in {"GIF", "JPEG", "MPO"}:
        options["comment"] = SECRET
    if told and form in {"WEBP", "AVIF", "JPEG"}:
        options["xmp"] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    content = factories.encoded(picture, form, **options)
    # Phones put a film, and programs anything, behind the picture.
    return content + SECRET if told and form in {"JPEG", "PNG", "GIF"} else content


def opened(content: bytes) -> Image.Image:
    """Return the picture in a file."""
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def tells(content: bytes) -> set[str]:
    """Return what a file says beside the picture."""
    picture = opened(content)
    said = {name for name in picture.info if name in {"exif", "xmp", "comment", "photoshop", "mp"}}
    said |= set(getattr(picture, "text", {}))
    said |= {"exif"} if dict(picture.getexif()) else set()
    said |= {"secret"} if SECRET in content else set()
    return said | ({"frames"} if getattr(picture, "n_frames", 1) > 1 else set())


photographs = st.sampled_from([(form, mode) for form in MODES for mode in MODES[form]]).flatmap(
    lambda kind: st.fixed_dictionaries(
        {
            "form": st.just(kind[0]),
            "mode": st.just(kind[1]),
            "orientation": st.integers(0, 9),
            "profile": st.sampled_from(sorted(PROFILES)),
            "told": st.booleans(),
        }
    )
)
"""What `photograph` takes, for every format, mode, orientation, profile and notes."""
