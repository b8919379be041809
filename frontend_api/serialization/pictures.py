"""Which pictures objects show, told by representing them as readers get them.

So there is no second list of where images stand that could be forgotten.
"""

from typing import Any

from frontend_api.images import finder
from frontend_api.images.pictures import PICTURES, Picture
from frontend_api.visibility.perspective import Perspective

from .deferred import Loaded
from .nested import Level
from .objects import represent
from .resolver import resolve


@finder.register
def pictures_named(objects: list[Any], perspective: Perspective) -> list[Picture]:
    """Return every picture that the objects show, on their own and as teasers."""
    forms = [
        represent(obj, perspective, level=level)
        for obj in objects
        for level in (Level.DETAIL, Level.TEASER)
    ]
    return pictures_in(resolve(forms, perspective)[1])


def pictures_in(loaded: Loaded) -> list[Picture]:
    """Return the pictures among what was fetched for a response."""
    return [picture for picture in loaded.get(PICTURES, {}).values() if picture]
