"""System checks of what the description is made from: the types of what content apps declare, and examples."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from frontend_api.endpoints.collections import collections
from frontend_api.serialization.declarations import LISTS, declared, has_attribute
from frontend_api.serialization.json_schema import Untyped
from frontend_api.serialization.nested import Level

from .own_view import is_described


@register()
def check_types(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return a warning for each declared field and filter that has no type to describe to clients.

    `frontend_api.W004`: the type of the JSON of a field, or of a block in it, is unknown; it is any JSON to clients.
    `frontend_api.W005`: the type of the values that a collection's filter takes is unknown; they are any text.
    """
    if not is_described():
        return []
    # Django loads this module at start-up in every process, but a server runs no checks: the rest of the package, and
    # with it drf-spectacular, is imported only where it is needed.
    from . import objects
    from .fields import of_field
    from .parameters import of_filter

    components = objects.components(is_strict=True)
    messages: list[CheckMessage] = []
    for model in apps.get_models():
        fields = {
            name: field for attribute in LISTS for name, field in declared(model, attribute).items()
        }
        for name, field in fields.items():
            if field.serializer is None and not has_attribute(model, name):
                # `check_api_fields` reports it.
                continue
            try:
                of_field(model, field, Level.DETAIL, components)
            except Untyped as error:
                messages.append(
                    Warning(
                        f"{error}; to clients it is any JSON.",
                        hint="Annotate a property with what it returns; give a field or block of its own form a "
                        "method json_schema. See docs/content-types.md.",
                        obj=model,
                        id="frontend_api.W004",
                    )
                )
    for viewset in collections.values():
        for name, one in viewset.filterset_class.base_filters.items():
            try:
                of_filter(name, one)
            except Untyped as error:
                messages.append(
                    Warning(
                        f"{viewset.__name__}: {error}; to clients it takes any text.",
                        hint="Give the filter a method json_schema that says what it takes.",
                        obj=viewset,
                        id="frontend_api.W005",
                    )
                )
    return messages


@register()
def check_examples(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return `frontend_api.E016` if the file of examples cannot be read."""
    if not is_described():
        return []
    # Loaded at start-up, as above.
    from .examples import of_project

    try:
        of_project()
    except ImproperlyConfigured as error:
        hint = "Name a file of JSON in the form that docs/adoption.md says, or leave the key out."
        return [Error(str(error), hint=hint, id="frontend_api.E016")]
    return []
