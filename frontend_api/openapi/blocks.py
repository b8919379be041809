"""Schemas of StreamField bodies, from the same block definitions that `serialization.blocks` walks."""

from collections.abc import Callable
from typing import Any

from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from frontend_api.serialization.json_schema import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    INTEGER,
    NULL,
    NUMBER,
    STRING,
    Schema,
    Untyped,
    array,
    constant,
    discriminated,
    nullable,
    one_of_values,
    record,
    union,
)

from .annotations import returned
from .components import Components

Describe = Callable[[Any, str, Components], Schema]


def pascal(name: str) -> str:
    """Return `name` in PascalCase, as in the names of components: `key_figures` becomes `KeyFigures`."""
    return "".join(part[:1].upper() + part[1:] for part in name.replace("-", "_").split("_"))


def of_block(block: blocks.Block, name: str, components: Components) -> Schema:
    """Return the schema of a block's value; components in it are named after `name`. Raises `Untyped` if unknown."""
    if hasattr(block, "json_schema"):
        schema: Schema = block.json_schema(components)
        return schema
    if hasattr(block, "represent"):
        return returned(block.represent, components.of)
    for kind, describe in _TYPES:
        if isinstance(block, kind):
            if type(block).get_api_representation is not kind.get_api_representation:
                break
            return describe(block, name, components)
    return returned(block.get_api_representation, components.of)


def of_stream(block: Any, name: str, components: Components) -> Schema:
    """Return the schema of a body: a list whose items are a union of its blocks, told apart by `type`.

    The union has the name of the stream block's class. If blocks are declared or added in place, it is called `name`.
    """
    if not block.child_blocks:
        return {**array(NULL), "maxItems": 0}
    own = type(block)
    if set(own.base_blocks) != set(block.child_blocks):
        return array(components.named(name, lambda: _items(block, name, components), name))
    name = own.__name__
    return array(components.named(name, lambda: _items(block, name, components), own))


def _items(block: Any, union_name: str, components: Components) -> Schema:
    members = {}
    for kind, child in block.child_blocks.items():
        member = f"{union_name}{pascal(kind)}"
        members[kind] = components.named(member, _item(kind, child, member, components))
    return discriminated(members, "A block of a body.")


def _item(kind: str, child: Any, member: str, components: Components) -> Schema:
    value = _of_child(kind, child, member, components)
    return record({"type": constant(kind), "value": value, "id": nullable(STRING)})


def _of_child(kind: str, child: Any, name: str, components: Components) -> Schema:
    try:
        return of_block(child, name, components)
    except Untyped as error:
        if components.is_strict:
            raise Untyped(f"block {kind!r}: {error}") from error
        return ANY


def _struct(block: Any, name: str, components: Components) -> Schema:
    properties = {}
    for part, child in block.child_blocks.items():
        properties[part] = _of_child(part, child, f"{name}{pascal(part)}", components)
    return record(properties)


def _list(block: Any, name: str, components: Components) -> Schema:
    return array(of_block(block.child_block, name, components))


def _table(block: Any, name: str, components: Components) -> Schema:
    cells = [
        of_block(child, f"{name}{pascal(kind)}", components)
        for kind, child in block.child_blocks.items()
    ]
    column = record({"type": one_of_values(list(block.child_blocks)), "heading": STRING})
    return record(
        {
            "caption": STRING,
            "columns": array(column),
            "rows": array(record({"values": array(union(cells))})),
        }
    )


def _choice(block: Any, name: str, components: Components) -> Schema:
    schema = one_of_values(_values(block))
    # Without a default, a block is stored with no choice until an editor makes one.
    return schema if block.required and block.get_default() else nullable(schema)


def _values(block: Any) -> list[Any]:
    values: list[Any] = []
    for value, label in block.field.choices:
        values += [inner for inner, _ in label] if isinstance(label, list | tuple) else [value]
    return [value for value in values if value != "" or not block.required]


def _choices(block: Any, name: str, components: Components) -> Schema:
    return array(one_of_values(_values(block)))


def _plain(schema: Schema) -> Describe:
    return lambda block, name, components: schema


def _page(block: Any, name: str, components: Components) -> Schema:
    models = block.target_models or [block.target_model]
    return nullable(union([components.of(model) for model in models]))


_HTML: Schema = {**STRING, "description": "HTML."}

# In the order of `serialization.blocks`, then the plain values that Wagtail itself represents. A value that an editor
# has not filled in is null; in drafts even if it is required.
_TYPES: tuple[tuple[type[blocks.Block], Describe], ...] = (
    (ImageBlock, lambda block, name, components: nullable(components.image())),
    (ImageChooserBlock, lambda block, name, components: nullable(components.image())),
    (DocumentChooserBlock, lambda block, name, components: nullable(components.document())),
    (
        SnippetChooserBlock,
        lambda block, name, components: nullable(components.of(block.target_model)),
    ),
    (blocks.PageChooserBlock, _page),
    (EmbedBlock, lambda block, name, components: nullable(components.embed())),
    (blocks.RichTextBlock, _plain(_HTML)),
    (blocks.CharBlock, _plain(STRING)),
    (blocks.TextBlock, _plain(STRING)),
    (BaseTypedTableBlock, _table),
    (TableBlock, _plain(ANY)),
    (blocks.BaseStreamBlock, of_stream),
    (blocks.BaseStructBlock, _struct),
    (blocks.ListBlock, _list),
    (blocks.MultipleChoiceBlock, _choices),
    (blocks.ChoiceBlock, _choice),
    (blocks.BooleanBlock, _plain(nullable(BOOLEAN))),
    (blocks.IntegerBlock, _plain(nullable(INTEGER))),
    (blocks.FloatBlock, _plain(nullable(NUMBER))),
    (blocks.DecimalBlock, _plain(nullable(NUMBER))),
    (blocks.DateBlock, _plain(nullable(DATE))),
    (blocks.TimeBlock, _plain(nullable(STRING))),
    (blocks.DateTimeBlock, _plain(nullable(DATE_TIME))),
    (blocks.RawHTMLBlock, _plain(nullable(_HTML))),
    (blocks.RegexBlock, _plain(nullable(STRING))),
    (blocks.EmailBlock, _plain(nullable(STRING))),
    (blocks.URLBlock, _plain(nullable(STRING))),
    (blocks.StaticBlock, _plain(NULL)),
)
