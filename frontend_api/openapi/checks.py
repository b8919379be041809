"""A system check that everything content apps declare to the API has a type, so that gaps are found at start-up."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from frontend_api.endpoints.collections import collections
from frontend_api.serialization.declarations import LISTS, declared, has_attribute
from frontend_api.serialization.json_schema import Untyped
from frontend_api.serialization.nested import Level


@register()
def check_types(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return an error for each declared field and filter that has no type to describe to clients.

    `frontend_api.E003`: the type of the JSON of a field, or of a block in it, is unknown. `frontend_api.E004`: the type
    of the values that a collection's filter takes is unknown.
    """
    # Django loads this module at start-up in every process, but a server runs no checks: the rest of the package, and
    # with it drf-spectacular, is imported only where it is needed.
    from . import objects
    from .fields import of_field
    from .parameters import of_filter

    components = objects.components()
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
                    Error(
                        f"{error}; what it gives has no type.",
                        hint="Annotate a property with what it returns; give a field or block of its own form a "
                        "method json_schema. See docs/content-types.md.",
                        obj=model,
                        id="frontend_api.E003",
                    )
                )
    for viewset in collections.values():
        for name, one in viewset.filterset_class.base_filters.items():
            try:
                of_filter(name, one)
            except Untyped as error:
                messages.append(
                    Error(
                        f"{viewset.__name__}: {error}.",
                        hint="Give the filter a method json_schema that says what it takes.",
                        obj=viewset,
                        id="frontend_api.E004",
                    )
                )
    return messages
