"""Finds which pictures objects show, by making their JSON as readers get it.

So there is no separate list of the places that show images, which somebody could forget to update.
"""

from typing import Any

from frontend_api.images import finder
from frontend_api.images.pictures import PICTURES, Picture
from frontend_api.images.prepared import PREPARED_IMAGES
from frontend_api.visibility.perspective import Perspective

from .deferred import Loaded
from .nested import Level
from .objects import represent
from .resolver import resolve
from .seo.about import pictures_of_defaults


@finder.register
def pictures_named(objects: list[Any], perspective: Perspective) -> list[Picture]:
    """Return every picture that the objects show, in their detail form and as teasers, or lend to pages."""
    forms: list[Any] = [
        represent(obj, perspective, level=level)
        for obj in objects
        for level in (Level.DETAIL, Level.TEASER)
    ]
    forms += [part for obj in objects for part in pictures_of_defaults(obj)]
    loaded = resolve(forms, perspective)[1]
    return [*pictures_in(loaded), *asked_for(loaded, perspective)]


def asked_for(loaded: Loaded, perspective: Perspective) -> list[Picture]:
    """Return the pictures whose renditions the project's own code asked for in vain."""
    images = loaded.get(PREPARED_IMAGES, {})
    return [
        Picture(images[key], "", {}, frozenset(), specs=(spec,))
        for key, spec in sorted(perspective.missing_renditions)
        if images.get(key) is not None
    ]


def pictures_in(loaded: Loaded) -> list[Picture]:
    """Return the pictures in what was fetched for a response."""
    return [picture for picture in loaded.get(PICTURES, {}).values() if picture]
