"""A Django check that the caches in front can be purged at all."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from .targets import configured


@register()
def check_purging(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the setting `WAGTAILFRONTENDCACHE`.

    `frontend_api.E009`: a cache that cannot be purged with what the setting says of it.
    """
    messages: list[CheckMessage] = []
    for target in configured():
        try:
            target.backend()
        except Exception as error:
            # Each backend asks for something else, and complains in its own way.
            messages.append(
                Error(
                    f"The cache {target.name!r} cannot be purged: {type(error).__name__}: {error}",
                    hint="See WAGTAILFRONTENDCACHE in docs/operators.md.",
                    id="frontend_api.E009",
                )
            )
    return messages
