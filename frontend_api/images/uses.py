"""The uses of images: a few names in the setting `IMAGE_USES`, each with widths and, for a crop, a ratio.

IMAGE_USES = {"body": {"widths": (480, 960, 1600)}, "teaser": {"ratio": (3, 2), "widths": (320, 640)}}

The use `share` is there without being named: how a picture is given to those on whose pages a page is shared.

A model or block names a use; a client cannot choose one. Renditions are Wagtail's own, named by their filter spec:
`width-480|format-avif`, or `fill-320x213|format-webp` for a crop around the focal point.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wagtail.images.models import Filter

from frontend_api import conf

DEFAULT = "body"
SHARE = conf.SHARE
JPEG, PNG = "jpeg", "png"
FORMATS = ("avif", "webp", JPEG, PNG)
"""The formats of renditions, in the order in which browsers should prefer them; an image has one of the last two."""


@dataclass(frozen=True)
class Use:
    """One use: its widths in pixels, smallest first, and the ratio (width, height) to crop to, if any."""

    widths: tuple[int, ...]
    ratio: tuple[int, int] | None = None
    formats: tuple[str, ...] = FORMATS

    def widths_for(self, width: int, height: int) -> tuple[int, ...]:
        """Return the widths that a picture of this size in pixels can fill, or the smallest if it can fill none.

        Wagtail never enlarges, so a picture smaller than the smallest width keeps its own size.
        """
        if self.ratio:
            width = min(width, height * self.ratio[0] // self.ratio[1])
        return tuple(size for size in self.widths if size <= width) or self.widths[:1]

    def spec(self, width: int, form: str) -> str:
        """Return Wagtail's filter spec for the rendition of this width and format."""
        if self.ratio is None:
            return f"width-{width}|format-{form}"
        height = max(1, round(width * self.ratio[1] / self.ratio[0]))
        return f"fill-{width}x{height}|format-{form}"

    def specs(self) -> Iterator[str]:
        """Return the spec of every rendition that this use can have."""
        return (self.spec(width, form) for width in self.widths for form in self.formats)


def use_named(name: str) -> Use:
    """Return the use of this name; raises KeyError for one not in the setting, which the checks find at start-up."""
    described: Any = conf.image_uses()[name]
    # Where pages are shared, not everybody knows the newer formats, and each is given one file.
    formats = (JPEG, PNG) if name == SHARE else FORMATS
    return Use(tuple(described["widths"]), described.get("ratio"), formats)


@lru_cache(maxsize=256)
def rendition_filter(spec: str) -> Filter:
    """Return Wagtail's filter for a spec; it is cached because it keeps the operations that it has parsed."""
    return Filter(spec)


# Those that Wagtail's admin makes for itself, in its templates and, of the formats of rich text, in its editor.
ADMIN_SPECS = frozenset(
    {
        "max-165x165",
        "max-150x150",
        "max-800x600",
        "fill-600x338",
        "width-500",
        "width-800",
        "original",
    }
)

named_specs: set[str] = set()
"""The filter specs that fields of the project name, filled at start-up."""


def is_shown(rendition: Any) -> bool:
    """Return whether the API may show a rendition: those that the admin makes for itself it does not."""
    spec = rendition.filter_spec
    return spec not in ADMIN_SPECS or spec in named_specs


def mistakes() -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with the setting `IMAGE_USES`."""
    uses = conf.image_uses()
    if not isinstance(uses, Mapping) or DEFAULT not in uses:
        yield f"IMAGE_USES has no use {DEFAULT!r}, which is that of every place that names none."
        return
    for name, use in uses.items():
        if not isinstance(use, Mapping) or not use.keys() <= {"widths", "ratio"}:
            yield f"IMAGE_USES: {name!r} is described by something other than widths and ratio."
            continue
        widths: Any = use.get("widths")
        if not _are_whole(widths) or list(widths) != sorted(set(widths)):
            yield f"IMAGE_USES: the widths of {name!r} are not whole numbers, smallest first."
        if "ratio" in use and not (_are_whole(use["ratio"]) and len(use["ratio"]) == 2):
            yield f"IMAGE_USES: the ratio of {name!r} is not two whole numbers, width and height."


def _are_whole(numbers: Any) -> bool:
    return (
        isinstance(numbers, tuple | list)
        and bool(numbers)
        and all(type(number) is int and number > 0 for number in numbers)
    )
