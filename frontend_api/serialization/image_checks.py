"""Django checks for images: the setting `IMAGE_USES`, the uses that models and blocks name, and the form."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning, register
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images.api.fields import ImageRenditionField
from wagtail.images.forms import get_image_base_form

from frontend_api import conf
from frontend_api.images.form import ReadableImageForm
from frontend_api.images.uses import mistakes, named_specs

from .blocks import image_use
from .declarations import LISTS, declared
from .fields import ImageFor


@register()
def check_images(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the image uses and the image form.

    `frontend_api.E005`: the setting `IMAGE_USES` is invalid. `frontend_api.E006`: a model or block names a use that
    the setting does not have. `frontend_api.W003`: the image form accepts files that cannot be read.
    """
    messages: list[CheckMessage] = [
        Error(
            mistake,
            hint='Describe a use as {"ratio": (3, 2), "widths": (320, 640)}, with or without a ratio.',
            id="frontend_api.E005",
        )
        for mistake in mistakes()
    ]
    if not messages:
        messages += [message for model in apps.get_models() for message in _unknown_uses(model)]
    if not issubclass(get_image_base_form(), ReadableImageForm):
        messages.append(
            Warning(
                "Editors can upload images that cannot be read to their end.",
                hint='Set WAGTAILIMAGES_IMAGE_FORM_BASE = "frontend_api.images.form.ReadableImageForm", or let your '
                "own form inherit it.",
                id="frontend_api.W003",
            )
        )
    return messages


def note_named_specs() -> None:
    """Note the renditions that fields of the project name, so that changes of these are logged."""
    for model in apps.get_models():
        for attribute in LISTS:
            for field in declared(model, attribute).values():
                if isinstance(field.serializer, ImageRenditionField):
                    named_specs.add(field.serializer.filter_spec)


def _unknown_uses(model: Any) -> Iterator[CheckMessage]:
    for place, use in _uses_named(model):
        if use not in conf.image_uses():
            yield Error(
                f"{place} names the image use {use!r}, which IMAGE_USES does not have.",
                hint=f"It has {', '.join(conf.image_uses())}.",
                obj=model,
                id="frontend_api.E006",
            )


def _uses_named(model: Any) -> Iterator[tuple[str, str]]:
    for attribute in LISTS:
        for name, field in declared(model, attribute).items():
            if isinstance(field.serializer, ImageFor):
                yield f"{attribute}: {name!r}", field.serializer.use
    for field in model._meta.get_fields():
        if isinstance(field, StreamField):
            for block in _blocks_in(field.stream_block):
                yield f"{field.name}: the block {block.name!r}", image_use(block)


def _blocks_in(block: blocks.Block) -> Iterator[blocks.Block]:
    seen: set[int] = set()
    stack = [block]
    while stack:
        block = stack.pop()
        # A block may contain itself.
        if id(block) in seen:
            continue
        seen.add(id(block))
        yield block
        stack += getattr(block, "child_blocks", {}).values()
        if hasattr(block, "child_block"):
            stack.append(block.child_block)
