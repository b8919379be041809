"""Notices when code reads a page attribute whose changes are not logged, such as the lock or the number of children.

No query reveals such a read: a property may read the value from a page that other code has fetched, and the page tree
reads `numchild`, so that `get_children()` of a page without children runs no query. Django reads fields through
descriptors on the model; here they are replaced by descriptors that report each read. Django uses the two kinds in
`_kinds` for these fields; a test fails if it starts to use another.
"""

from typing import Any

from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query_utils import DeferredAttribute

from frontend_api.changes.private_columns import fields, private_columns
from frontend_api.introspection import Page

from .tracker import current


def _track_read(instance: Any, field: Any) -> None:
    dependencies = current()
    if dependencies is None:
        return
    model = instance.specific_class or type(instance)
    if field.column in private_columns(model):
        dependencies.never_cache(
            f"It depends on {field.name!r} of a page, of which no change is logged."
        )


class TrackedAttribute(DeferredAttribute):
    """Descriptor for a plain field of a page; reports each read."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is not None:
            _track_read(instance, self.field)
        return super().__get__(instance, cls)

    # Without `__set__`, Python would look in the instance first and never call `__get__`.
    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class TrackedKey(ForeignKeyDeferredAttribute):
    """Descriptor for a foreign key of a page; reports each read."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is not None:
            _track_read(instance, self.field)
        return super().__get__(instance, cls)


_kinds: dict[type, type] = {
    DeferredAttribute: TrackedAttribute,
    ForeignKeyDeferredAttribute: TrackedKey,
}


def install() -> None:
    """Replace Django's descriptors for the unlogged fields of `Page` by those that report reads."""
    for field in fields():
        kind = type(Page.__dict__[field.attname])
        if kind in _kinds:
            setattr(Page, field.attname, _kinds[kind](field))
