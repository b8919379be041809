"""A Django check of the setting `FRONTEND_API["WEBHOOKS"]`."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from .configured import mistakes


@register()
def check_webhooks(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return `frontend_api.E015` for each recipient that nothing can be sent to; the others are told of changes."""
    return [
        Error(mistake, hint="See WEBHOOKS in docs/operators.md.", id="frontend_api.E015")
        for mistake in mistakes()
    ]
