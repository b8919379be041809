"""Makes the renditions that readers will be shown, before they ask for them.

To find out which, an object is turned into JSON as readers get it, and the renditions that this would show are made.
So there is no separate list of the places that show images, which somebody could forget to update.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files import File
from wagtail.images.models import Filter, SourceImageIOError
from wagtail.models import ReferenceIndex, Site

from frontend_api import conf
from frontend_api.changes.transaction import transaction
from frontend_api.introspection import Page
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.site_settings import public_settings
from frontend_api.visibility.sites import site_of_draft

from . import apart
from .examination import examine_image, record_problem
from .files import BROKEN, TooMuchMemoryError, UnreadableFileError, encodable
from .finder import pictures_of
from .pictures import Picture, wanted_specs
from .uses import rendition_filter, use_named

logger = logging.getLogger("frontend_api.renditions")

PAGES_PER_BATCH = 50
ENCODERS = 3


def missing(picture: Picture, *, first_only: bool = False) -> set[str]:
    """Return the specs of the renditions that a picture still lacks, or of those that a page cannot do without."""
    return set(wanted_specs(picture, first_only=first_only)) - picture.made


def make_missing(pictures: Iterable[Picture], *, first_only: bool = False) -> int:
    """Make the renditions that the pictures lack, image by image, and return how many were made.

    A file that turns out to be broken is stored as such, with a warning in the log; one that was broken is examined
    again, because somebody may have restored it. An image that fails does not stop the others.
    """
    by_image: dict[Any, list[Picture]] = defaultdict(list)
    for picture in pictures:
        by_image[picture.image.pk].append(picture)
    return sum(_make(group[0].image, group, first_only) for group in by_image.values())


def _make(image: Any, pictures: list[Picture], first_only: bool) -> int:
    is_known = pictures[0].kind not in ("", BROKEN)
    if is_known and not any(missing(picture, first_only=first_only) for picture in pictures):
        return 0
    # Examine the file again: it may have been damaged, or restored, since it was last examined.
    kind = examine_image(image).kind
    known = [replace(picture, kind=kind) for picture in pictures]
    specs = set().union(*(missing(picture, first_only=first_only) for picture in known))
    return _create(image, [rendition_filter(spec) for spec in sorted(specs)]) if specs else 0


def _create(image: Any, filters: list[Filter]) -> int:
    """Make renditions, skip those that turn out to be impossible, and return how many were made."""
    # Not by Wagtail's `create_renditions`, which leaves its temporary files open.
    try:
        with image.open_file() as file:
            content = file.read()
        if apart.is_large(image):
            return _create_apart(image, filters, content)
        original = encodable(content)
    except TooMuchMemoryError as error:
        # Its editor is told: nobody else would find out why it is not shown.
        record_problem(image, error)
        return 0
    except (SourceImageIOError, UnreadableFileError) as error:
        # The file was damaged after it was examined a moment ago.
        logger.error("Image %s (%s) cannot be read: %s", image.pk, image.file.name, error)
        return 0

    def encode(wanted: Filter) -> "File[bytes] | None":
        source = File(BytesIO(original), name=image.file.name)
        try:
            rendition: File[bytes] = image.generate_rendition_file(wanted, source=source)
        except Exception as error:
            # Image libraries raise all kinds of exceptions, and an image that fails does not stop the others.
            message = "Image %s (%s) cannot be made into %s: %s"
            logger.error(message, image.pk, image.file.name, wanted.spec, error)
            return None
        return rendition

    with ExitStack() as opened, ThreadPoolExecutor(max_workers=ENCODERS) as encoders:
        encoded = zip(filters, encoders.map(encode, filters), strict=True)
        made = [(wanted, opened.enter_context(file)) for wanted, file in encoded if file]
        return _keep(image, made)


def _create_apart(image: Any, filters: list[Filter], content: bytes) -> int:
    """Make the renditions of a large picture in a process of their own."""
    made = apart.encoded(image, content, [wanted.spec for wanted in filters])
    for wanted in filters:
        if wanted.spec not in made:
            message = "Image %s (%s) cannot be made into %s."
            logger.error(message, image.pk, image.file.name, wanted.spec)
    return _keep(
        image,
        [
            (wanted, File(BytesIO(made[wanted.spec][1]), name=made[wanted.spec][0]))
            for wanted in filters
            if wanted.spec in made
        ],
    )


def _keep(image: Any, made: "list[tuple[Filter, File[bytes]]]") -> int:
    """Store renditions, and return how many there are."""
    stored: list[tuple[Filter, dict[str, Any]]] = []
    kept: set[str] = set()
    try:
        # Files first: no transaction waits for the place that they are in.
        for wanted, file in made:
            stored.append((wanted, _stored(image, file)))
        with transaction():
            rows = [_rendition(image, wanted, row) for wanted, row in stored]
        kept = {row.file.name for row in rows}
    finally:
        storage = image.renditions.model._meta.get_field("file").storage
        for _, row in stored:
            # Another process may have made it in the meantime.
            if row["file"] not in kept:
                storage.delete(row["file"])
    return len(made)


def _stored(image: Any, file: "File[bytes]") -> dict[str, Any]:
    """Store the file of a rendition, and return the columns that say so."""
    model = image.renditions.model
    field, row = model._meta.get_field("file"), model(image=image, file=file)
    # Not by `row.file.save`, which would read it again to find out how large it is.
    name = field.generate_filename(row, file.name)
    stored = field.storage.save(name, file, max_length=field.max_length)
    return {"file": stored, "width": row.width, "height": row.height}


def _rendition(image: Any, wanted: Filter, row: dict[str, Any]) -> Any:
    return image.renditions.get_or_create(
        filter_spec=wanted.spec, focal_point_key=wanted.get_cache_key(image), defaults=row
    )[0]


def shown_by(obj: Any) -> tuple[Site | None, list[Picture]]:
    """Return the pictures that one page, snippet or setting shows to readers of its site, and that site."""
    site = _site_of(obj)
    if site is None:
        return None, []
    shown = obj.specific if isinstance(obj, Page) else obj
    return site, pictures_of([shown], Perspective(site))


def users_of(image: Any) -> Iterator[Any]:
    """Yield every page, snippet or setting that refers to an image."""
    references = ReferenceIndex.get_references_to(image).order_by("base_content_type", "object_id")
    for key, pk in references.values_list("base_content_type", "object_id").distinct():
        model = ContentType.objects.get_for_id(key).model_class()
        found = model._default_manager.filter(pk=pk).first() if model else None
        if isinstance(found, Page) or hasattr(found, "api_fields"):
            yield found


def has_renditions(image: Any) -> bool:
    """Return whether an image has a rendition for any use in the settings."""
    specs = {spec for name in conf.image_uses() for spec in use_named(name).specs()}
    return bool(image.renditions.filter(filter_spec__in=specs).exists())


def drop_stale(image: Any) -> int:
    """Delete the renditions of an image that were made for another focal point, and return how many there were."""
    stale = [
        rendition
        for rendition in image.renditions.all()
        if rendition.focal_point_key != rendition_filter(rendition.filter_spec).get_cache_key(image)
    ]
    with transaction():
        for rendition in stale:
            # One by one, so that Wagtail deletes the file as well.
            rendition.delete()
    return len(stale)


def public_objects(site: Site) -> Iterator[list[Any]]:
    """Yield all that is public on a site and may show images: its pages, in batches, then its settings."""
    perspective = Perspective(site)
    keys = list(perspective.pages().order_by("path").values_list("pk", flat=True))
    for start in range(0, len(keys), PAGES_PER_BATCH):
        yield perspective.specific_pages(keys[start : start + PAGES_PER_BATCH])
    yield list(public_settings(perspective))


def _site_of(obj: Any) -> Site | None:
    if isinstance(obj, Page):
        return site_of_draft(obj)
    # A snippet is the same on every site.
    site = getattr(obj, "site", None) or Site.objects.order_by("-is_default_site", "pk").first()
    return site if isinstance(site, Site) else None
