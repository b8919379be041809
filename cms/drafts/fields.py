"""The form field of every StreamField, which accepts blocks that somebody has not finished yet."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.admin.forms.models import register_form_field_override
from wagtail.blocks.list_block import ListBlockValidationError, ListValue
from wagtail.blocks.stream_block import StreamBlockValidationError, StreamValue
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import (
    BaseTypedTableBlock,
    TypedTable,
    TypedTableBlockValidationError,
)
from wagtail.fields import StreamField


class UnfinishedBlocksField(blocks.BlockField):
    """Checks in a draft only the single values in blocks.

    Wagtail defers what is required. It does not defer a `clean` that looks at several values, and it changes the blocks
    for the time of the check, which all threads share: a draft could let another page be published incomplete.
    """

    def clean(self, value: Any) -> Any:
        """Return what is to be stored, or raise what is wrong with it."""
        if getattr(self, "is_deferred_validation", False):
            return clean_unfinished(self.block, value)
        return self.block.clean(value)


register_form_field_override(StreamField, override={"form_class": UnfinishedBlocksField})


def clean_unfinished(block: Any, value: Any) -> Any:
    """Return `value` with its parts cleaned, of which any may be missing; raise `ValidationError` for wrong ones."""
    for kind, clean in _COMPOSITE:
        if isinstance(block, kind):
            return clean(block, value)
    try:
        return block.clean(value)
    except ValidationError as error:
        if getattr(block.meta, "required_on_save", False) or not _says_only_required(error):
            raise
        return block.value_from_form(block.field.to_python(block.value_for_form(value)))


def _says_only_required(error: ValidationError) -> bool:
    return all(each.code == "required" for each in error.error_list)


def _parts(
    parts: Iterable[tuple[Any, Any, Any]],
) -> tuple[dict[Any, Any], dict[Any, ValidationError]]:
    """Clean `(key, block, value)` each; return the cleaned values and the errors, by key."""
    cleaned, errors = {}, {}
    for key, block, value in parts:
        try:
            cleaned[key] = clean_unfinished(block, value)
        except ValidationError as error:
            errors[key] = error
    return cleaned, errors


def _clean_struct(block: Any, value: Any) -> Any:
    if not isinstance(value, blocks.StructValue):
        # Such as the image that an ImageBlock makes of its parts: it is chosen, or it is not.
        return value
    children = block.child_blocks
    cleaned, errors = _parts((name, children[name], part) for name, part in value.items())
    if errors:
        raise StructBlockValidationError(errors)
    return block.normalize(cleaned)


def _clean_stream(block: Any, value: Any) -> StreamValue:
    cleaned, errors = _parts(
        (number, child.block, child.value) for number, child in enumerate(value)
    )
    if errors:
        raise StreamBlockValidationError(block_errors=errors)
    children = enumerate(value)
    return StreamValue(
        block, [(child.block.name, cleaned[number], child.id) for number, child in children]
    )


def _clean_list(block: Any, value: Any) -> ListValue:
    bound = block.normalize(value).bound_blocks
    cleaned, errors = _parts(
        (number, block.child_block, child.value) for number, child in enumerate(bound)
    )
    if errors:
        raise ListBlockValidationError(block_errors=errors)
    return ListValue(
        block,
        bound_blocks=[
            ListValue.ListChild(block.child_block, cleaned[number], id=child.id)
            for number, child in enumerate(bound)
        ],
    )


def _clean_table(block: Any, table: TypedTable) -> TypedTable:
    errors, rows = {}, []
    for number, row in enumerate(table.row_data):
        cells = zip(table.columns, row["values"], strict=True)
        cleaned, wrong = _parts(
            (column, described["block"], cell) for column, (described, cell) in enumerate(cells)
        )
        if wrong:
            errors[number] = wrong
        rows.append({"values": list(cleaned.values())})
    if errors:
        raise TypedTableBlockValidationError(cell_errors=errors)
    return TypedTable(columns=table.columns, row_data=rows, caption=table.caption)


_COMPOSITE: list[tuple[Any, Callable[[Any, Any], Any]]] = [
    (blocks.BaseStructBlock, _clean_struct),
    (blocks.BaseStreamBlock, _clean_stream),
    (blocks.ListBlock, _clean_list),
    (BaseTypedTableBlock, _clean_table),
]
