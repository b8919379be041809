"""A Django check of the settings for the caches in front."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from .targets import configured


@register()
def check_purging(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the setting `WAGTAILFRONTENDCACHE`.

    `frontend_api.E009`: a cache that cannot be purged, because its settings are not valid for its backend.
    """
    messages: list[CheckMessage] = []
    for target in configured():
        try:
            target.backend()
        except Exception as error:
            # Each backend has its own required settings, and its own errors.
            messages.append(
                Error(
                    f"The cache {target.name!r} cannot be purged: {type(error).__name__}: {error}",
                    hint="See WAGTAILFRONTENDCACHE in docs/operators.md.",
                    id="frontend_api.E009",
                )
            )
    return messages
