"""Finds what the values of bodies, rich texts and choosers name, and puts other keys in its place."""

import json
import re
from collections.abc import Callable
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.coreutils import resolve_model_string
from wagtail.documents import get_document_model
from wagtail.embeds.blocks import EmbedBlock
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.models import Page

Swap = Callable[[Any, Any], Any]
"""Returns the key that stands for an object of a model in the other place, or None if there is none."""

_TAG = re.compile(r"<(?:a|embed)\b[^>]*>")
_KIND = re.compile(r"""\b(?:linktype|embedtype)=["'](\w+)["']""")
_ID = re.compile(r"""\bid=["']([^"']*)["']""")
_ADDRESS = re.compile(r"""\burl=["']([^"']*)["']""")


def swapped(field: Any, value: Any, swap: Swap) -> Any:
    """Return the value of a column with the keys of the other place."""
    if isinstance(field, StreamField) and value is not None:
        return json.dumps(_in_block(field.stream_block, json.loads(value), swap))
    if isinstance(field, RichTextField) and value:
        return _in_rich_text(value, swap)
    return value


def _in_block(block: Any, value: Any, swap: Swap) -> Any:
    if value is None:
        return None
    match block:
        case blocks.BaseStreamBlock():
            return [_in_child(block.child_blocks.get(one["type"]), one, swap) for one in value]
        case blocks.ListBlock():
            return [_in_item(block.child_block, one, swap) for one in value]
        case blocks.BaseStructBlock():
            return {
                name: _in_block(block.child_blocks.get(name), one, swap)
                for name, one in value.items()
            }
        case BaseTypedTableBlock():
            return _in_table(block, value, swap)
        case blocks.ChooserBlock():
            return swap(resolve_model_string(block.target_model), value)
        case blocks.RichTextBlock():
            return _in_rich_text(value, swap)
        case EmbedBlock() if isinstance(value, str):
            _name_embed(value, swap)
    return value


def _in_child(block: Any, child: dict[str, Any], swap: Swap) -> dict[str, Any]:
    return {**child, "value": _in_block(block, child["value"], swap)}


def _in_item(block: Any, item: Any, swap: Swap) -> Any:
    # Lists that were stored long ago have the bare values.
    if isinstance(item, dict) and item.get("type") == "item" and "value" in item:
        return _in_child(block, item, swap)
    return _in_block(block, item, swap)


def _in_table(block: Any, table: dict[str, Any], swap: Swap) -> dict[str, Any]:
    kinds = [block.child_blocks.get(column["type"]) for column in table.get("columns", ())]
    rows = [
        {
            **row,
            "values": [
                _in_block(kind, value, swap)
                for kind, value in zip(kinds, row["values"], strict=False)
            ],
        }
        for row in table.get("rows", ())
    ]
    return {**table, "rows": rows}


def _in_rich_text(html: str, swap: Swap) -> str:
    models = {"page": Page, "document": get_document_model(), "image": get_image_model()}

    def in_tag(tag: re.Match[str]) -> str:
        text = tag[0]
        kind, named, address = _KIND.search(text), _ID.search(text), _ADDRESS.search(text)
        if kind and kind[1] == "media" and address:
            _name_embed(address[1].replace("&amp;", "&"), swap)
        if not kind or not named or kind[1] not in models:
            return text
        # What is gone at one end is named by what is nowhere at the other.
        key = swap(models[kind[1]], named[1]) or 0
        return f'{text[: named.start()]}id="{key}"{text[named.end() :]}'

    return _TAG.sub(in_tag, html)


def _name_embed(url: str, swap: Swap) -> None:
    """Carry what is known of a video along, by which its frame is shown without asking anybody."""
    row = Embed.objects.filter(hash=get_embed_hash(url)).first()
    if row is not None:
        swap(Embed, row.pk)
