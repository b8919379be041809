"""Makes the renditions that readers will be shown, before they ask.

Which ones, the representations themselves tell: an object is represented as readers get it, and what that would show
of images is made. So there is no second list of where images stand that could be forgotten.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from io import BytesIO
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files import File
from wagtail.images.models import Filter, SourceImageIOError
from wagtail.models import Page, ReferenceIndex, Site

from frontend_api import conf
from frontend_api.changes.transaction import transaction
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.site_settings import published_settings
from frontend_api.visibility.sites import site_of_draft

from .files import UnreadableFileError, encodable
from .finder import pictures_of
from .model import BROKEN
from .pictures import Picture, wanted_specs
from .uses import rendition_filter, use_named

logger = logging.getLogger("frontend_api.renditions")

AT_ONCE = 50
ENCODERS = 3


def missing(picture: Picture) -> set[str]:
    """Return the renditions that a picture has not got yet."""
    return set(wanted_specs(picture.image, picture.use)) - picture.made


def make_missing(pictures: Iterable[Picture]) -> int:
    """Make what the pictures have not got yet, each image's in one go, and return how many renditions that were.

    A file that turns out to be broken is remembered as such, with a warning in the log; one that was broken is looked
    at again, because somebody may have put it back. What cannot be made of one image stops no other.
    """
    by_image: dict[Any, list[Picture]] = defaultdict(list)
    for picture in pictures:
        by_image[picture.image.pk].append(picture)
    return sum(_make(group[0].image, group) for group in by_image.values())


def _make(image: Any, pictures: list[Picture]) -> int:
    is_known = image.file_kind not in ("", BROKEN)
    # What can be read now may have been damaged since it was stored.
    if (is_known and not any(map(missing, pictures))) or not image.look_at_file():
        return 0
    specs = set().union(*map(missing, pictures))
    return _create(image, [rendition_filter(spec) for spec in sorted(specs)]) if specs else 0


def _create(image: Any, filters: list[Filter]) -> int:
    """Make renditions, but for those that turn out to be impossible, and return how many were made."""
    # As Wagtail's `create_renditions` does it, which leaves open the temporary files that it makes.
    try:
        with image.open_file() as file:
            original = encodable(file.read())
    except (SourceImageIOError, UnreadableFileError) as error:
        # It was damaged since it was looked at, a moment ago.
        logger.error("Image %s (%s) cannot be read: %s", image.pk, image.file.name, error)
        return 0

    def encode(wanted: Filter) -> "File[bytes] | None":
        source = File(BytesIO(original), name=image.file.name)
        try:
            rendition: File[bytes] = image.generate_rendition_file(wanted, source=source)
        except SourceImageIOError as error:
            message = "Image %s (%s) cannot be made into %s: %s"
            logger.error(message, image.pk, image.file.name, wanted.spec, error)
            return None
        return rendition

    with ExitStack() as opened, ThreadPoolExecutor(max_workers=ENCODERS) as encoders:
        encoded = zip(filters, encoders.map(encode, filters), strict=True)
        made = [(wanted, opened.enter_context(file)) for wanted, file in encoded if file]
        with transaction():
            for wanted, file in made:
                # Somebody else may have made it meanwhile.
                image.renditions.get_or_create(
                    filter_spec=wanted.spec,
                    focal_point_key=wanted.get_cache_key(image),
                    defaults={"file": file},
                )
    return len(made)


def make_for(obj: Any) -> int:
    """Make the renditions that one page, snippet or setting shows, and return how many were missing."""
    site = _site_of(obj)
    if site is None:
        return 0
    shown = obj.specific if isinstance(obj, Page) else obj
    return make_missing(pictures_of([shown], Perspective(site)))


def make_for_users_of(image: Any) -> None:
    """Make the renditions of an image for everything that names it."""
    references = ReferenceIndex.get_references_to(image).order_by("base_content_type", "object_id")
    for key, pk in references.values_list("base_content_type", "object_id").distinct():
        model = ContentType.objects.get_for_id(key).model_class()
        found = model._default_manager.filter(pk=pk).first() if model else None
        if isinstance(found, Page) or hasattr(found, "api_fields"):
            make_for(found)


def has_renditions(image: Any) -> bool:
    """Tell whether an image has a rendition in any of its uses."""
    specs = {spec for name in conf.image_uses() for spec in use_named(name).specs()}
    return bool(image.renditions.filter(filter_spec__in=specs).exists())


def drop_stale(image: Any) -> int:
    """Delete the renditions that were cropped by another focal point, and return how many there were."""
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
    """Return everything that the API shows of a site and that may show images, in parts of bearable size."""
    perspective = Perspective(site)
    keys = list(perspective.pages().order_by("path").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        yield perspective.specific_pages(keys[start : start + AT_ONCE])
    yield [
        setting
        for model in published_settings()
        for setting in model.base_queryset().filter(site=site)
    ]


def _site_of(obj: Any) -> Site | None:
    if isinstance(obj, Page):
        return site_of_draft(obj)
    # A snippet is the same on every site.
    site = getattr(obj, "site", None) or Site.objects.order_by("-is_default_site", "pk").first()
    return site if isinstance(site, Site) else None
