"""Lists the site settings that are public."""

from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.contrib.settings.registry import registry


def published_settings() -> list[type[BaseSiteSetting]]:
    """Return the site settings that declare public fields in `api_fields`."""
    return [
        model
        for model in registry
        if issubclass(model, BaseSiteSetting) and hasattr(model, "api_fields")
    ]
