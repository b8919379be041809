"""Finds the columns whose values change when an object is saved."""

from typing import Any

from django.db.models.expressions import BaseExpression

from frontend_api.introspection import Page

from .private_columns import private_columns


def changed_columns(before: Any, after: Any, update_fields: Any) -> set[str]:
    """Return the columns whose values differ, leaving out private ones.

    `update_fields` is what was passed to `save()`: the names of the fields that are saved, or None for all.
    """
    model = (after.specific_class if isinstance(after, Page) else None) or type(after)
    private = private_columns(model)
    return {
        field.column
        for field in after._meta.concrete_fields
        if field.column not in private
        and (update_fields is None or {field.name, field.attname} & set(update_fields))
        and _differs(field, before, after)
    }


def _differs(field: Any, before: Any, after: Any) -> bool:
    new = after.__dict__.get(field.attname)
    if isinstance(new, BaseExpression):
        # The database computes the value, so it is not known here.
        return True
    if field.attname not in after.__dict__:
        # A deferred field is not saved.
        return False
    old, new = (getattr(instance, field.attname) for instance in (before, after))
    return bool(field.get_prep_value(old) != field.get_prep_value(new))
