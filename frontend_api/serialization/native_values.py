"""Values of blocks for the code of a project: a block's own `get_api_representation`.

Wagtail would fetch what such a block chooses one by one, and whether it may be seen or not. Here its value is made
along the block definitions, from objects that are fetched together, and that may be seen; others are None.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from wagtail import blocks
from wagtail.blocks.list_block import ListValue
from wagtail.blocks.stream_block import StreamValue
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock, TypedTable
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.rich_text import RichText

from frontend_api.images.prepared import prepared
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.revisions import UNUSABLE

from .deferred import Deferred, Need
from .drf_fields import context_of, need_for_code
from .rich_text import rich_text

logger = logging.getLogger("frontend_api.blocks")


class _Objects:
    """The objects that a value needs, in order, and the texts in it that need others besides."""

    def __init__(self, found: Iterable[Any]) -> None:
        self._found = iter(found)
        self._unfinished: list[tuple[RichText, Deferred]] = []

    def __iter__(self) -> "_Objects":
        return self

    def __next__(self) -> Any:
        return next(self._found)

    @property
    def needs(self) -> list[Need]:
        """What the texts need besides: the pages of links that this site does not show, and another may."""
        return [need for _, html in self._unfinished for need in html.needs]

    def text(self, html: str | Deferred) -> RichText:
        """Return the value of a rich text, which may be finished later."""
        if isinstance(html, str):
            return RichText(html)
        unfinished = RichText("")
        self._unfinished.append((unfinished, html))
        return unfinished

    def finish(self, found: Iterable[Any]) -> None:
        """Finish the texts, with the objects that they need besides."""
        more = iter(found)
        for text, html in self._unfinished:
            text.source = html.build(*(next(more) for _ in html.needs))


Make = Callable[[_Objects], Any]
"""Makes a value from the objects that it needs, which come in order."""


def represent_by_itself(block: Any, raw: Any, perspective: Perspective) -> Any:
    """Return the JSON that a block's own `get_api_representation` gives; None if it chooses what may not be seen.

    A block of several others gets None in the place of what may not be seen. If it cannot do with that, it is None.
    """
    needs: list[Need] = []
    make = _maker(block, raw, needs, perspective)

    def build(*found: Any) -> Any:
        is_whole = all(one is not None for one in found)
        if not is_whole and isinstance(block, blocks.ChooserBlock | ImageBlock):
            return None
        objects = _Objects(found)
        value = make(objects)

        def represent(*more: Any) -> Any:
            objects.finish(more)
            try:
                return block.get_api_representation(value, context_of(perspective))
            except UNUSABLE:
                # A draft may lack anything. Without needs, whoever lists the block leaves it out.
                if is_whole and (perspective.draft_overlay is None or not needs):
                    raise
                logger.warning(
                    "The block %s cannot do without what may not be seen, or is missing; it is null.",
                    block.name,
                )
                return None

        more_needs = objects.needs
        return Deferred(represent, *more_needs) if more_needs else represent()

    return Deferred(build, *needs) if needs else build()


def list_value(item: Any) -> Any:
    """Return what an item of a list holds: before Wagtail 2.16 the bare value, later an item with an id."""
    in_new_format = isinstance(item, dict) and item.get("type") == "item" and "value" in item
    return item["value"] if in_new_format else item


def _maker(block: Any, raw: Any, needs: list[Need], perspective: Perspective) -> Make:
    """Return what makes the native value of a block, after adding what it needs to `needs`."""
    if isinstance(block, ImageBlock):
        return _image(raw, needs, perspective)
    if isinstance(block, blocks.ChooserBlock):
        if not raw:
            return lambda found: None
        needs.append(need_for_code(block.model_class, raw))
        return next
    if isinstance(block, blocks.RichTextBlock):
        return _text(raw, needs, perspective)
    if isinstance(block, blocks.BaseStructBlock):
        stored = raw or {}
        parts = [
            (
                name,
                _maker(
                    child,
                    stored[name] if name in stored else child.get_prep_value(child.get_default()),
                    needs,
                    perspective,
                ),
            )
            for name, child in block.child_blocks.items()
        ]
        return lambda found: block.meta.value_class(
            block, [(name, make(found)) for name, make in parts]
        )
    if isinstance(block, blocks.BaseStreamBlock):
        children = [
            (
                child["type"],
                _maker(block.child_blocks[child["type"]], child["value"], needs, perspective),
                child.get("id"),
            )
            for child in raw or ()
            if child["type"] in block.child_blocks
        ]
        return lambda found: StreamValue(
            block, [(kind, make(found), key) for kind, make, key in children]
        )
    if isinstance(block, blocks.ListBlock):
        items = [
            _maker(block.child_block, list_value(item), needs, perspective) for item in raw or ()
        ]
        return lambda found: ListValue(block, values=[make(found) for make in items])
    if isinstance(block, BaseTypedTableBlock):
        return _table(block, raw or {}, needs, perspective)
    if not isinstance(block, blocks.FieldBlock | blocks.StaticBlock):
        # Of a kind of its own, nobody knows what is in it, and whether that may be seen.
        return lambda found: None
    return lambda found: block.to_python(raw)


def _table(block: Any, raw: Any, needs: list[Need], perspective: Perspective) -> Make:
    kinds = [column["type"] for column in raw.get("columns", ())]
    shown = [place for place, kind in enumerate(kinds) if kind in block.child_blocks]
    columns = [
        {
            "block": block.child_blocks[kinds[place]],
            "heading": raw["columns"][place]["heading"],
        }
        for place in shown
    ]
    rows = [
        [
            _maker(column["block"], row["values"][place], needs, perspective)
            for place, column in zip(shown, columns, strict=True)
        ]
        for row in raw.get("rows", ())
    ]
    return lambda found: TypedTable(
        columns, [{"values": [make(found) for make in row]} for row in rows], raw.get("caption", "")
    )


def _text(raw: Any, needs: list[Need], perspective: Perspective) -> Make:
    """Return what makes a rich text whose links are to what may be seen, whatever the code makes of it."""
    text = rich_text(raw, perspective)
    if isinstance(text, str):
        return lambda found: RichText(text)
    needs += text.needs
    return lambda found: found.text(text.build(*(next(found) for _ in text.needs)))


def _image(raw: Any, needs: list[Need], perspective: Perspective) -> Make:
    # If the block used to be an ImageChooserBlock, older content holds a bare id.
    stored = raw if isinstance(raw, dict) else {"image": raw}
    if not stored.get("image"):
        return lambda found: None
    needs.append(need_for_code(get_image_model(), stored["image"]))

    def make(found: _Objects) -> Any:
        image = next(found)
        if image is None:
            return None
        image = prepared(image, perspective)
        image.decorative = bool(stored.get("decorative"))
        image.contextual_alt_text = "" if image.decorative else stored.get("alt_text")
        return image

    return make
