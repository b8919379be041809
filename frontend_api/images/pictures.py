"""Fetches images together with their existing renditions, for one response at a time.

A read makes no rendition and opens no file. The images of a response are fetched last, with their renditions, in one
query, and with what is known of their files.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import FilteredRelation, Q
from wagtail.images import get_image_model

from frontend_api.visibility.perspective import Perspective

from .files import AS_IT_IS, BROKEN, TRANSPARENT
from .models import known_file, read_known_file
from .uses import JPEG, PNG, SHARE, rendition_filter, use_named

logger = logging.getLogger("frontend_api.images")


class Rendition(NamedTuple):
    """One rendition of an image: the URL that the storage has for its file, and its actual size in pixels."""

    url: str
    width: int
    height: int
    spec: str


@dataclass(frozen=True)
class Picture:
    """An image in one of its uses, with the existing renditions for that use, by format and actual width."""

    image: Any
    use: str
    renditions: Mapping[str, Mapping[int, Rendition]]
    made: frozenset[str]
    """The specs of all existing renditions, of which two may have the same actual width."""
    kind: str = ""
    """What the image's file is, one of the kinds in `files`; empty for a file that has not been examined yet."""
    placeholder: str | None = None
    specs: tuple[str, ...] = ()
    """The renditions that the project's own code asks for, in the place of those of a use."""
    """The picture at a width of 16 pixels, as a data URL; None if there is none."""


class Pictures:
    """Fetches visible images with their renditions; a key is the image's primary key and the name of a use."""

    names_nothing = True

    def __call__(
        self, perspective: Perspective, keys: set[tuple[int, str]]
    ) -> Mapping[tuple[int, str], Picture]:
        """Return the picture for each key whose image is visible."""
        # A rendition is part of its image, so it is not recorded by itself.
        perspective.dependencies.add_objects(get_image_model(), {key for key, _ in keys})
        with perspective.dependencies.untracked():
            images, rows, known = _with_renditions(perspective, keys)
        return {
            (key, use): _picture(images[key], use, rows[key], known[key])
            for key, use in keys
            if key in images
        }


PICTURES = Pictures()
Rows = dict[tuple[str, str], tuple[str, int, int]]


def _with_renditions(
    perspective: Perspective, keys: set[tuple[int, str]]
) -> tuple[dict[int, Any], dict[int, Rows], dict[int, str | None]]:
    """Return the visible images, their existing renditions, and what is known of their files, with one query."""
    model: Any = get_image_model()
    names = [field.attname for field in model._meta.concrete_fields]
    specs = {spec for use in {use for _, use in keys} for spec in use_named(use).specs()}
    shown = FilteredRelation("renditions", condition=Q(renditions__filter_spec__in=specs))
    columns = ("filter_spec", "focal_point_key", "file", "width", "height")
    found = (
        perspective.images()
        .filter(pk__in={key for key, _ in keys})
        .annotate(shown=shown, known=known_file())
        .order_by()
        .values_list("pk", "known", *names, *(f"shown__{column}" for column in columns))
    )
    images: dict[int, Any] = {}
    renditions: dict[int, Rows] = {}
    known: dict[int, str | None] = {}
    for key, file, *values in found:
        if key not in images:
            images[key] = model.from_db(DEFAULT_DB_ALIAS, names, values[: len(names)])
            renditions[key] = {}
            known[key] = file
        spec, focal_point_key, *rest = values[len(names) :]
        # An image without renditions has one row too, with nulls in their place.
        if spec is not None:
            renditions[key][spec, focal_point_key] = tuple(rest)
    return images, renditions, known


def _picture(image: Any, name: str, rows: Rows, known: str | None) -> Picture:
    use = use_named(name)
    url = type(image).get_rendition_model()._meta.get_field("file").storage.url
    renditions: dict[str, dict[int, Rendition]] = {}
    made = set()
    if rows:
        # A rendition cropped around another focal point shows something else.
        focal_point_key = rendition_filter(use.spec(use.widths[0], JPEG)).get_cache_key(image)
        for width in use.widths_for(image.width, image.height):
            for form in use.formats:
                spec = use.spec(width, form)
                row = rows.get((spec, focal_point_key))
                if row:
                    made.add(spec)
                    file, actual_width, actual_height = row
                    renditions.setdefault(form, {})[actual_width] = Rendition(
                        url(file), actual_width, actual_height, spec
                    )
    return Picture(image, name, renditions, frozenset(made), *read_known_file(known))


def has_file(picture: Picture) -> bool:
    """Return whether there is a file to show, and log a warning if not.

    The file of a picture with renditions needs no check. Without any, a local file must exist and not be empty. One
    that was never examined is taken to be there, as Wagtail takes it.
    """
    image = picture.image
    broken = picture.kind == BROKEN
    if picture.kind and not broken and not picture.renditions and image.is_stored_locally():
        try:
            broken = image.file.size == 0
        except OSError:
            broken = True
    if broken:
        logger.warning(
            "Image %s (%s) is missing or broken; it is shown as null.", image.pk, image.file.name
        )
    return not broken


def wanted_specs(picture: Picture, *, first_only: bool = False) -> list[str]:
    """Return the specs of all renditions that a picture should have: none if it is shown unchanged or broken.

    With `first_only` they are those that a page cannot do without: of a use, the middle width in the format that
    every browser knows.
    """
    if picture.specs and picture.kind != BROKEN:
        return list(picture.specs)
    if picture.kind in (AS_IT_IS, BROKEN):
        return []
    image, described = picture.image, use_named(picture.use)
    fallback = PNG if picture.kind == TRANSPARENT else JPEG
    widths = described.widths_for(image.width, image.height)
    if first_only:
        # No reader of the page sees the picture by which it is shared.
        if picture.use == SHARE:
            return []
        return [described.spec(widths[len(widths) // 2], fallback)]
    return [
        described.spec(width, form)
        for width in widths
        for form in described.formats
        if form not in (JPEG, PNG) or form == fallback
    ]
