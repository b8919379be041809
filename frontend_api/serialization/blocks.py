"""Turns StreamField bodies into JSON, straight from the stored JSON.

Wagtail itself first turns the stored JSON into Python objects, which fetches the objects that blocks choose page by
page. Here the stored JSON is read along the block definitions, and the chosen objects are deferred. A block with a
`represent(raw, perspective)` method is serialised by that method; one that overrides `get_api_representation`, by
that, as in Wagtail, with objects that may be seen.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from frontend_api.images.uses import DEFAULT
from frontend_api.introspection import Page
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.revisions import UNUSABLE

from .deferred import Deferred
from .embeds import embed_json
from .images import image_part
from .native_values import list_value, represent_by_itself
from .relations import chosen
from .rich_text import rich_text
from .stream_child import StreamChild

logger = logging.getLogger("frontend_api.blocks")

Represent = Callable[[Any, Any, Perspective], Any]


def stream(value: StreamValue, perspective: Perspective) -> list[dict[str, Any]]:
    """Return the JSON of a body: `[{"type": "heading", "value": {"text": "…", "level": "h2"}, "id": "…"}, …]`."""
    return _stream(value.stream_block, [dict(raw) for raw in value.raw_data], perspective)


def represent_block(block: blocks.Block, raw: Any, perspective: Perspective) -> Any:
    """Return the JSON of one block, given its stored JSON."""
    if hasattr(block, "represent"):
        return block.represent(raw, perspective)
    represent = representation_of(block) or represent_by_itself
    return represent(block, raw, perspective)


def representation_of(block: blocks.Block) -> Represent | None:
    """Return what makes the JSON of a block along its definition; None where the block's own code makes it."""
    if hasattr(block, "represent"):
        return None
    for kind, represent in _REPRESENTATIONS:
        if isinstance(block, kind):
            is_own = type(block).get_api_representation is not kind.get_api_representation
            return None if is_own else represent
    return None


def _stream(stream_block: Any, raw: Any, perspective: Perspective) -> list[dict[str, Any]]:
    # Skip block types that have been removed from the code since, as Wagtail does.
    children = [child for child in raw or () if child["type"] in stream_block.child_blocks]
    return [
        StreamChild({"type": child["type"], "value": value, "id": child.get("id")}, block)
        for child in children
        for block in [stream_block.child_blocks[child["type"]]]
        for value in _usable(block, child["value"], perspective)
    ]


def _usable(block: Any, raw: Any, perspective: Perspective) -> Iterator[Any]:
    """Yield the JSON of a block in a list; nothing if a draft's block lacks what its own code cannot do without."""
    try:
        yield represent_block(block, raw, perspective)
    except UNUSABLE:
        if perspective.draft_overlay is None:
            raise
        logger.warning("The block %s is not finished; a preview leaves it out.", block.name)


def _struct(block: Any, raw: Any, perspective: Perspective) -> dict[str, Any]:
    stored = raw or {}
    return {
        name: represent_block(
            child,
            stored[name] if name in stored else child.get_prep_value(child.get_default()),
            perspective,
        )
        for name, child in block.child_blocks.items()
    }


def _list(block: Any, raw: Any, perspective: Perspective) -> list[Any]:
    return [
        value
        for item in raw or ()
        for value in _usable(block.child_block, list_value(item), perspective)
    ]


def _table(block: Any, raw: Any, perspective: Perspective) -> dict[str, Any]:
    stored = raw or {}
    # A column whose type is gone from the code goes with its values; the others keep their places.
    columns = {
        place: column
        for place, column in enumerate(stored.get("columns", ()))
        if column["type"] in block.child_blocks
    }
    return {
        "caption": stored.get("caption") or "",
        "columns": [
            {"type": column["type"], "heading": column["heading"]} for column in columns.values()
        ],
        "rows": [
            {
                "values": [
                    represent_block(block.child_blocks[columns[place]["type"]], value, perspective)
                    for place, value in enumerate(row["values"])
                    if place in columns
                ]
            }
            for row in stored.get("rows", ())
        ],
    }


def image_use(block: blocks.Block) -> str:
    """Return the image use that a block names, as in `ImageBlock(image_use="hero")`, or the default use."""
    return getattr(block.meta, "image_use", DEFAULT)


def _image_choice(block: Any, raw: Any, perspective: Perspective) -> Deferred | None:
    return image_part(raw, image_use(block))


def _image(block: Any, raw: Any, perspective: Perspective) -> Deferred | None:
    # If the block used to be an ImageChooserBlock, older content holds a bare id.
    stored = raw if isinstance(raw, dict) else {"image": raw, "alt_text": None}
    alt = "" if stored.get("decorative") else stored.get("alt_text")
    return image_part(stored.get("image"), image_use(block), alt)


_REPRESENTATIONS: tuple[tuple[type[blocks.Block], Represent], ...] = (
    (ImageBlock, _image),
    (ImageChooserBlock, _image_choice),
    (
        DocumentChooserBlock,
        lambda block, raw, perspective: chosen(get_document_model(), raw),
    ),
    (
        SnippetChooserBlock,
        lambda block, raw, perspective: chosen(block.target_model, raw),
    ),
    (blocks.PageChooserBlock, lambda block, raw, perspective: chosen(Page, raw)),
    (EmbedBlock, lambda block, raw, perspective: embed_json(raw)),
    (blocks.RichTextBlock, lambda block, raw, perspective: rich_text(raw, perspective)),
    # Content stored before a text block was added has no text for it; text is never null in the JSON.
    (blocks.CharBlock, lambda block, raw, perspective: raw or ""),
    (blocks.TextBlock, lambda block, raw, perspective: raw or ""),
    (BaseTypedTableBlock, _table),
    (blocks.BaseStreamBlock, _stream),
    (blocks.BaseStructBlock, _struct),
    (blocks.ListBlock, _list),
)
