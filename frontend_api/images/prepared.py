"""Images for the code of a project: fields and blocks that ask an image for renditions by themselves.

They get the images that may be seen, fetched together with all their renditions, so that none of them costs a query.
A rendition that is not there yet is not made while somebody reads: the original stands in for it, the response is not
kept, and publishing the page, or `make_renditions`, makes it.
"""

import copy
from collections.abc import Mapping
from functools import partial
from typing import Any

from wagtail.images import get_image_model
from wagtail.images.models import Filter, SourceImageIOError

from frontend_api.visibility.perspective import Perspective

from .models import readable
from .uses import ADMIN_SPECS, named_specs


class PreparedImages:
    """Fetches visible images, by primary key, whose `get_rendition` neither queries nor writes."""

    names_nothing = True

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, Any]:
        """Return the visible images among `keys`, without those whose file is missing or broken."""
        perspective.dependencies.add_objects(get_image_model(), keys)
        with perspective.dependencies.untracked():
            shown = readable(perspective.images().filter(pk__in=keys))
            found = list(shown.prefetch_related("renditions"))
        return {image.pk: prepared(image, perspective) for image in found}


PREPARED_IMAGES = PreparedImages()


def prepared(image: Any, perspective: Perspective) -> Any:
    """Return a copy of an image with its renditions at hand; what is lacking is noted in the perspective."""
    made = copy.copy(image)
    made.get_rendition = partial(_rendition, made, perspective)
    made.get_renditions = lambda *filters: {
        getattr(one, "spec", one): made.get_rendition(one) for one in filters
    }
    return made


def _rendition(image: Any, perspective: Perspective, wanted: Filter | str) -> Any:
    """Return an existing rendition, or one that stands in for it, with the original's file and size.

    Raises `SourceImageIOError`, as Wagtail does, if the original is not there either.
    """
    wanted = Filter(spec=wanted) if isinstance(wanted, str) else wanted
    wanted = image.clean_filter_for_svg(wanted)
    found = image.find_existing_renditions(wanted).get(wanted)
    if found is not None:
        if wanted.spec in ADMIN_SPECS - named_specs:
            perspective.dependencies.never_cache(
                "It shows a rendition whose changes are not logged."
            )
        found = copy.copy(found)
        found.image = image
        return found
    if image.is_stored_locally() and not image.file.storage.exists(image.file.name):
        raise SourceImageIOError(f"{image.file.name} is missing.")
    perspective.dependencies.never_cache("A rendition is not made yet.")
    perspective.missing_renditions.add((image.pk, wanted.spec))
    return image.get_rendition_model()(
        image=image,
        filter_spec=wanted.spec,
        file=image.file.name,
        width=image.width,
        height=image.height,
    )
