"""Turns images into JSON: one form everywhere, made from the renditions that exist.

`frontend_api.images.pictures` fetches the images and their renditions.
"""

from typing import Any, NamedTuple

from frontend_api.images.pictures import PICTURES, Picture, Rendition, has_file
from frontend_api.images.uses import DEFAULT, FORMATS, JPEG, PNG, rendition_filter

from .addresses import absolute_url
from .deferred import Deferred
from .nested import Level, Medium, Nested
from .selection import Selection

IMAGE_FIELDS = (
    "id",
    "title",
    "alt",
    "width",
    "height",
    "focal_point",
    "src",
    "sources",
    "placeholder",
)


def image_part(
    key: Any, use: str = DEFAULT, alt: str | None = None, selection: Selection = ()
) -> Deferred | None:
    """Return the JSON of an image, narrowed or widened by `selection`, or None without a key.

    It becomes None if the image is gone, private or broken.
    """

    def build(picture: Picture | None) -> Nested | None:
        if picture is None or not has_file(picture):
            return None
        return Nested(Medium(picture.image, image_json(picture, alt)), selection, Level.LINK)

    return Deferred(build, (PICTURES, (key, use))) if key else None


class Shown(NamedTuple):
    """The file of an image that every browser shows, and its size in pixels."""

    url: str
    width: int
    height: int
    rendition: Rendition | None
    """None for the original."""


def shown(picture: Picture) -> Shown:
    """Return the largest rendition of a picture that every browser shows, or its original where there is none."""
    fallback = picture.renditions.get(JPEG) or picture.renditions.get(PNG) or {}
    if not fallback:
        image = picture.image
        return Shown(absolute_url(image.file.url), image.width, image.height, None)
    largest = fallback[max(fallback)]
    return Shown(absolute_url(largest.url), largest.width, largest.height, largest)


def image_json(picture: Picture, alt: str | None = None) -> dict[str, Any]:
    """Return what an image shows outside `meta`.

    `alt` is the alternative text for this use of the image ("" if it is decorative); None means the image's own
    description. `src` is the largest rendition that every browser shows, `width` and `height` are its size in pixels,
    and `focal_point` is in fractions of that size. Without renditions, `src` is the original and `sources` is empty::

        {"id": 3, "title": "Harbour", "alt": "Boats at dawn", "width": 640, "height": 427,
         "focal_point": {"x": 0.5, "y": 0.44},
         "src": "https://cms.example.org/media/images/harbour.fill-640x427.format-jpeg.jpg",
         "sources": [{"type": "image/avif", "srcset": [{"url": "https://…", "width": 320}, …]}, …],
         "placeholder": "data:image/webp;base64,…"}
    """
    image = picture.image
    file = shown(picture)
    return {
        "id": image.pk,
        "title": image.title,
        "alt": image.description if alt is None else alt,
        "width": file.width,
        "height": file.height,
        "focal_point": _focal_point(image, file.rendition),
        "src": file.url,
        "sources": [
            {
                "type": f"image/{form}",
                "srcset": [
                    {"url": absolute_url(rendition.url), "width": width}
                    for width, rendition in sorted(picture.renditions[form].items())
                ],
            }
            for form in FORMATS
            # Without a JPEG or PNG, `src` is the uncropped original; cropped sources would show another picture.
            if file.rendition and form in picture.renditions
        ],
        "placeholder": picture.placeholder,
    }


def _focal_point(image: Any, shown: Rendition | None) -> dict[str, float] | None:
    focus = image.get_focal_point()
    if focus is None:
        return None
    width, height = image.width, image.height
    if shown:
        transform = rendition_filter(shown.spec).get_transform(image)
        focus, (width, height) = focus.transform(transform), transform.size
    x, y = focus.centroid
    return {"x": _fraction(x, width), "y": _fraction(y, height)}


def _fraction(part: float, whole: float) -> float:
    return round(min(max(part / whole, 0.0), 1.0), 4)
