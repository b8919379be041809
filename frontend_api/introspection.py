"""What a model says of itself, wherever that is asked: its subtypes, its name, its drafts, what its children are."""

from typing import Any

from django.db.models import Model
from modelcluster.fields import ParentalKey
from wagtail.models import DraftStateMixin, Page, get_page_models


def page_types(model: type[Page] = Page) -> list[type[Page]]:
    """Return the page types that a page of `model` may be of; `Page` itself is none."""
    return [candidate for candidate in get_page_models() if issubclass(candidate, model)]


def type_name(model: type[Model]) -> str:
    """Return what `type` is in the JSON of an object of `model`, such as `insights.InsightPage`."""
    return f"{model._meta.app_label}.{model.__name__}"


def has_drafts(model: type[Model]) -> bool:
    """Tell whether objects of `model` are published, unpublished and expire, as pages do."""
    return issubclass(model, DraftStateMixin)


def parental_keys(model: type[Model]) -> list[Any]:
    """Return the keys by which an inline child names what it is part of; none for what is no inline child."""
    return [field for field in model._meta.concrete_fields if isinstance(field, ParentalKey)]


def is_inline_child(model: type[Model]) -> bool:
    """Tell whether objects of `model` are parts of others, and are saved and published with them."""
    return bool(parental_keys(model))


def leads_to_children(relation: Any) -> bool:
    """Tell whether a relation of a model leads to inline children of its objects."""
    return isinstance(getattr(relation, "field", None), ParentalKey)
