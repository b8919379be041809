"""What something lacks before it can be published, named where no form is there to show it beside its field."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.text import capfirst
from modelcluster.models import get_all_child_relations
from wagtail.blocks import BaseStreamBlock, BaseStructBlock, ListBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlockValidationError
from wagtail.fields import StreamField


class CompleteWhenPublished:
    """Refuses to publish what lacks something, whoever asks for it: an approval, a bulk action, code."""

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """Publish or schedule a revision, or raise a `ValidationError` that says what it lacks."""
        # What was scheduled was complete then. What it names may be gone since, which is no reason to miss the date.
        if not revision.approved_go_live_at:
            draft = revision.as_object()
            check_complete(draft)
            _give_once(revision, draft)
        try:
            return super().publish(revision, *args, **kwargs)  # type: ignore[misc]
        finally:
            vars(revision).pop("as_object", None)


def _give_once(revision: Any, draft: Any) -> None:
    """Have what a revision holds taken as it was read: Wagtail asks first, and reading it takes as long as a save."""

    def give() -> Any:
        del revision.as_object
        return draft

    revision.as_object = give


def check_complete(instance: Any) -> None:
    """Raise a `ValidationError` about everything that keeps `instance` from being published, if there is something.

    Wagtail looks at the fields alone; this looks into the blocks of bodies, and at the children, too.
    """
    lacking: dict[str, list[Any]] = defaultdict(list)
    try:
        instance.full_clean()
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            lacking[name].extend(errors)
    for field, lack in _of_blocks(instance):
        lacking[field].append(lack)
    for lack in _of_children(instance):
        lacking[NON_FIELD_ERRORS].append(lack)
    if lacking:
        raise ValidationError(dict(lacking))


def _of_blocks(instance: Any) -> Iterator[tuple[str, str]]:
    """Yield what blocks lack, as the name of their field and a sentence."""
    for field in instance._meta.fields:
        if not isinstance(field, StreamField):
            continue
        value = getattr(instance, field.attname)
        if not value and field.blank is False:
            # Django itself says that it is empty.
            continue
        try:
            field.stream_block.clean(value)
        except ValidationError as error:
            for sentence in _sentences(error, field.stream_block, value):
                yield field.name, sentence


def _of_children(instance: Any) -> Iterator[str]:
    """Yield a sentence for each thing that a child lacks: `Phase 2, last year: …`."""
    for relation in get_all_child_relations(type(instance)):
        foreign_key = relation.field.name
        for number, child in enumerate(getattr(instance, relation.get_accessor_name()).all(), 1):
            name = f"{capfirst(child._meta.verbose_name)} {number}"
            try:
                child.full_clean(
                    exclude={foreign_key}, validate_unique=False, validate_constraints=False
                )
            except ValidationError as error:
                for field, messages in error.message_dict.items():
                    label = (
                        name
                        if field == NON_FIELD_ERRORS
                        else f"{name}, {child._meta.get_field(field).verbose_name}"
                    )
                    yield f"{label}: {' '.join(messages)}"
            for field, sentence in _of_blocks(child):
                yield f"{name}, {child._meta.get_field(field).verbose_name}: {sentence}"
            if hasattr(child, "get_cluster_uniqueness"):
                yield from _of_children(child)


def _sentences(error: ValidationError, block: Any, value: Any) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong in a block: `Call to action 2, page: Choose a page …`."""
    if isinstance(error, TypedTableBlockValidationError):
        for row, cells in error.cell_errors.items():
            for column, cell in cells.items():
                heading = value.columns[column]["heading"] or column + 1
                yield f"{row + 1}, {heading}: {' '.join(cell.messages)}"
        return
    parts = getattr(error, "block_errors", None)
    if parts is None:
        yield " ".join(error.messages)
        return
    yield from (str(message) for message in error.non_block_errors)  # type: ignore[attr-defined]
    for key, part in parts.items():
        label, inner, content = _part(block, value, key)
        for sentence in _sentences(part, inner, content):
            nested = getattr(part, "block_errors", None) or isinstance(
                part, TypedTableBlockValidationError
            )
            yield f"{label}, {sentence}" if nested else f"{label}: {sentence}"


def _part(block: Any, value: Any, key: Any) -> tuple[str, Any, Any]:
    """Return what a part of a block is called, its own block, and its value."""
    if isinstance(block, BaseStreamBlock):
        child = value[key]
        return f"{child.block.label} ({key + 1})", child.block, child.value
    if isinstance(block, ListBlock):
        return f"{block.child_block.label} {key + 1}", block.child_block, value[key]
    child = block.child_blocks[key]
    is_struct = isinstance(block, BaseStructBlock) and hasattr(value, "get")
    return str(child.label), child, value.get(key) if is_struct else None
