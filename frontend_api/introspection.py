"""Facts about models that several modules need: the base of all pages, subtypes, drafts and inline children."""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from modelcluster.fields import ParentalKey
from wagtail.coreutils import resolve_model_string
from wagtail.models import DraftStateMixin, get_page_models

if TYPE_CHECKING:
    from wagtail.models import Page as Page
else:

    def _base_of_pages() -> type[Model]:
        """Return the model of which every page has a row: Wagtail's own, or that of `WAGTAIL_PAGE_MODEL`."""
        label, name = settings.WAGTAIL_PAGE_MODEL.split(".")
        try:
            return apps.get_registered_model(label, name)
        except LookupError:
            # The project's app may come after this one.
            import_module(f"{apps.get_app_config(label).name}.models")
            return apps.get_registered_model(label, name)

    Page = _base_of_pages()


def page_types(model: type[Page] = Page) -> list[type[Page]]:
    """Return `model` and its subclasses, except abstract ones; by default every page model, including `Page`."""
    return [candidate for candidate in get_page_models() if issubclass(candidate, model)]


def page_type(label: str) -> type[Page] | None:
    """Return the page model that a label such as `insights.InsightPage` names, or None."""
    try:
        model = resolve_model_string(label)
    except (LookupError, ValueError):
        return None
    return model if issubclass(model, Page) else None


def has_drafts(model: type[Model]) -> bool:
    """Return whether objects of `model` can be published and unpublished and can expire, as pages can."""
    return issubclass(model, DraftStateMixin)


class SiteContent:
    """Marks a snippet that belongs to a site: `site/` shows its `api_fields`, as those of Wagtail's site settings.

    The model has a foreign key `site`. With `TranslatableMixin` there is one for each site and language, and with
    `DraftStateMixin` readers see what is published of it.
    """


@cache
def site_content() -> tuple[type[Model], ...]:
    """Return the models of snippets that belong to a site."""
    return tuple(model for model in apps.get_models() if issubclass(model, SiteContent))


def parental_keys(model: type[Model]) -> list[Any]:
    """Return the fields with which an inline child refers to its parent; none if `model` is not an inline child."""
    return [field for field in model._meta.concrete_fields if isinstance(field, ParentalKey)]


def is_inline_child(model: type[Model]) -> bool:
    """Return whether objects of `model` are parts of other objects, saved and published with them."""
    return bool(parental_keys(model))


def leads_to_children(relation: Any) -> bool:
    """Return whether a model's `relation` leads to inline children of its objects."""
    return isinstance(getattr(relation, "field", None), ParentalKey)
