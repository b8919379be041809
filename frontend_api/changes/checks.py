"""Django checks that every change is heard, and logged in the transaction that makes it."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.core.management import get_commands
from django.utils.module_loading import import_string

from .middleware import RecordChanges

# In the place of Wagtail's own, which do not log all that they change.
COMMANDS = (
    "fixtree",
    "move_pages",
    "publish_scheduled",
    "rebuild_references_index",
    "set_url_paths",
    "update_index",
)
OF_WAGTAIL = ("wagtail", "modelsearch")


@register()
def check_changes(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check what logs changes.

    `frontend_api.W007`: no middleware makes a transaction of each request that writes. `frontend_api.W008`: changes of
    the search index are not logged, so that no response to a search is kept. `frontend_api.W009`: a command of
    Wagtail's stands in the place of ours.
    """
    messages: list[CheckMessage] = []
    if not any(map(_records, settings.MIDDLEWARE)):
        messages.append(
            Warning(
                "A request that changes something is not one transaction, so that a crash may leave half of it.",
                hint='Add "frontend_api.changes.middleware.RecordChanges" as the last of MIDDLEWARE.',
                id="frontend_api.W007",
            )
        )
    backends = getattr(settings, "WAGTAILSEARCH_BACKENDS", {})
    if not _logs_its_index(backends.get("default", {}).get("BACKEND", "")):
        messages.append(
            Warning(
                "Nothing is heard of changes of the search index, so no response to a search is kept.",
                hint='In the database, the index is heard with WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": '
                '"frontend_api.changes.search_backend"}}. For another engine, silence this.',
                id="frontend_api.W008",
            )
        )
    if taken := _commands_of_wagtail():
        messages.append(
            Warning(
                f"Commands of Wagtail are taken that do not log all that they change: {', '.join(taken)}.",
                hint='Let "frontend_api" stand before Wagtail\'s apps in INSTALLED_APPS, so that its own are taken.',
                id="frontend_api.W009",
            )
        )
    return messages


def _commands_of_wagtail() -> list[str]:
    apps = get_commands()
    # Whoever has one of their own has seen to that.
    return [name for name in COMMANDS if str(apps.get(name)).partition(".")[0] in OF_WAGTAIL]


def _records(path: str) -> bool:
    try:
        found = import_string(path)
    except ImportError:
        # Django says so itself, once it starts.
        return False
    return isinstance(found, type) and issubclass(found, RecordChanges)


def _logs_its_index(path: str) -> bool:
    """Return whether a backend is ours or built on it; making it would ask the database, which need not be there."""
    try:
        return bool(import_string(f"{path}.LOGS_ITS_INDEX"))
    except ImportError:
        return False
