"""Finds what the content apps say of a whole site: the settings whose fields are public."""

from typing import Any

from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.contrib.settings.registry import registry
from wagtail.models import Site


def published_settings() -> list[type[BaseSiteSetting]]:
    """Return the site settings that declare public fields in `api_fields`."""
    return [
        model
        for model in registry
        if issubclass(model, BaseSiteSetting) and hasattr(model, "api_fields")
    ]


def settings_of(site: Site) -> list[Any]:
    """Return the public settings of a site, each with its defaults where nothing is stored yet."""
    return [
        # Not `for_site`, which creates a missing row: a read must not write.
        model.base_queryset().filter(site=site).first() or model(site=site)
        for model in published_settings()
    ]
