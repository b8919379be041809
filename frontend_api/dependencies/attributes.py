"""Hears who reads of a page what the change log passes over, such as its lock or how many children it has.

A property may read such a value of a page that somebody else has fetched, so that no query tells of it. And the tree
itself does: `get_children()` of a page that has none asks nothing. Django sets the values of fields through descriptors
on the model, which are replaced here by such as say that they are read; of Django's own, they are the two kinds that
`_kinds` names, and a test tells when there is another.
"""

from typing import Any

from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query_utils import DeferredAttribute
from wagtail.models import Page

from frontend_api.changes.private_columns import fields, private_columns

from .tracker import current


def _tell(instance: Any, field: Any) -> None:
    dependencies = current()
    if dependencies is None:
        return
    model = instance.specific_class or type(instance)
    if field.column in private_columns(model):
        dependencies.never_cache(
            f"It depends on {field.name!r} of a page, of which no change is logged."
        )


class HeardAttribute(DeferredAttribute):
    """A plain field of a page."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is not None:
            _tell(instance, self.field)
        return super().__get__(instance, cls)

    # Without this, Python would look into the instance first, and ask nobody here.
    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class HeardKey(ForeignKeyDeferredAttribute):
    """A key of a page."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is not None:
            _tell(instance, self.field)
        return super().__get__(instance, cls)


_kinds: dict[type, type] = {
    DeferredAttribute: HeardAttribute,
    ForeignKeyDeferredAttribute: HeardKey,
}


def listen() -> None:
    """Put descriptors that hear into the place of Django's."""
    for field in fields():
        kind = type(Page.__dict__[field.attname])
        if kind in _kinds:
            setattr(Page, field.attname, _kinds[kind](field))
