"""Which fields images and documents show: a form of their own, the model's `api_fields`, and `meta` as in v2.

`IMAGE_FIELDS` and `DOCUMENT_FIELDS` are shown everywhere, with `NESTED_META`; the libraries show `META`, and a detail
there what the model declares in `api_fields` and `api_meta_fields`. `fields=` names any of these anywhere.
"""

from typing import Any

from django.db.models import Model
from wagtail.api import APIField
from wagtail.images import get_image_model

from frontend_api.dependencies.bounded import memoized
from frontend_api.visibility.perspective import Perspective

from .addresses import absolute_url, detail_url
from .declarations import declared
from .deferred import Deferred
from .documents import DOCUMENT_FIELDS
from .images import IMAGE_FIELDS
from .model_fields import renderer
from .nested import Level, Medium
from .relations import Renderer
from .selection import Selection, choose, refuse_nested
from .tags import Tags

# The size of the cache of plans, in bytes. It is limited because clients choose what is planned.
MOST_BYTES = 1024 * 1024

META = ("type", "detail_url", "tags", "download_url")
# Tags are one more query, so they are shown where they are asked for.
NESTED_META = ("type", "detail_url", "download_url")


def represent_medium(
    medium: Medium, perspective: Perspective, selection: Selection, level: Level
) -> dict[str, Any]:
    """Return the JSON of an image or document: nested at `LINK`, in a library's listing at `TEASER` or detail.

    Raises a bad-parameter problem for an unknown name in `selection`.
    """
    item, form = medium.item, medium.form
    names, own = plan(type(item), selection, level)
    shown = {name: value for name, value in form.items() if name in names}
    meta: dict[str, Any] = {name: _META[name](item) for name in META if name in names}
    for name, render, is_meta in own:
        (meta if is_meta else shown)[name] = render(item, perspective)
    return {**shown, "meta": meta} if meta else shown


@memoized(MOST_BYTES)
def plan(
    model: type[Model], selection: Selection, level: Level
) -> tuple[frozenset[str], tuple[tuple[str, Renderer, bool], ...]]:
    """Return the names of the fields to show, and what makes those that the model declares, and whether in `meta`.

    Raises a bad-parameter problem for an unknown name.
    """
    own = own_fields(model)
    shown = choose(selection, {*form_fields(model), *META, *own}, default_names(model, level))
    for name, nested in shown.items():
        refuse_nested(name, nested)
    return frozenset(shown), tuple(
        (name, renderer(model, field, (), Level.LINK), is_meta)
        for name, (field, is_meta) in own.items()
        if name in shown
    )


def form_fields(model: type[Model]) -> tuple[str, ...]:
    """Return the names of the fields that every image has, or every document."""
    return IMAGE_FIELDS if issubclass(model, get_image_model()) else DOCUMENT_FIELDS


def own_fields(model: type[Model]) -> dict[str, tuple[APIField, bool]]:
    """Return the fields that the image or document model declares, and whether each is in `meta`."""
    every = {
        name: (field, is_meta)
        for attribute, is_meta in (("api_fields", False), ("api_meta_fields", True))
        for name, field in declared(model, attribute).items()
    }
    return {
        name: field for name, field in every.items() if name not in {*form_fields(model), *META}
    }


def default_names(model: type[Model], level: Level) -> tuple[str, ...]:
    """Return the names of the fields that are shown at `level` unless the request says otherwise."""
    if level is Level.DETAIL:
        return (*form_fields(model), *META, *own_fields(model))
    return (*form_fields(model), *(META if level is Level.TEASER else NESTED_META))


def _detail_url(item: Any) -> str:
    name = "image" if isinstance(item, get_image_model()) else "document"
    return detail_url(name, item.pk)


def _download_url(item: Any) -> str:
    # As in v2: that of an image's file is what its storage says, and a document's is whole.
    is_image = isinstance(item, get_image_model())
    return str(item.file.url) if is_image else absolute_url(item.url)


_META: dict[str, Any] = {
    "type": lambda item: type(item)._meta.label,
    "detail_url": _detail_url,
    "tags": lambda item: Deferred(lambda tags: tags, (Tags(type(item)), item.pk)),
    "download_url": _download_url,
}
