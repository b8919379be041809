"""Reads what a model declares to the API: `api_fields`, `api_teaser_fields` and `api_meta_fields`."""

from typing import Any

from wagtail.api import APIField

LISTS = ("api_fields", "api_teaser_fields", "api_meta_fields")


def declared(model: Any, attribute: str) -> dict[str, APIField]:
    """Return the fields in one of the lists of `model`, by name and in order; `attribute` is one of `LISTS`."""
    fields = (
        item if isinstance(item, APIField) else APIField(item)
        for item in getattr(model, attribute, ())
    )
    return {field.name: field for field in fields}


def has_attribute(model: Any, name: str) -> bool:
    """Return whether objects of `model` have a field, property or method of this name."""
    return hasattr(model, name) or name in {field.name for field in model._meta.get_fields()}
