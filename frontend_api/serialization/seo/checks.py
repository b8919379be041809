"""A Django check of what page types say of their fields to search engines."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from frontend_api.introspection import page_types

from .declaration import mistakes


@register()
def check_api_seo(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that every page type has what its `api_seo` names.

    `frontend_api.E011`: a key that there is not, a field that the type does not have, or an unknown kind of page.
    """
    return [
        Error(
            mistake,
            hint='Name fields of the type, as in {"image": "image", "description": "summary", "schema": "Article"}; '
            "see docs/content-types.md.",
            obj=model,
            id="frontend_api.E011",
        )
        for model in page_types()
        for mistake in mistakes(model)
    ]
