"""Whose changes are logged: those of every model but the ones that the public never sees."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
    Site,
)

# Accounts, sessions, tasks, and what the admin and this log note down for themselves.
_INTERNAL_APPS = frozenset(
    {
        "admin",
        "auth",
        "contenttypes",
        "django_tasks_database",
        "frontend_api",
        "sessions",
        "wagtail_headless_preview",
        "wagtailadmin",
        "wagtailforms",
        # What a search finds is told by the index; see `search_index`.
        "wagtailsearch",
        "wagtailusers",
    }
)
# Wagtail keeps revisions, workflows, comments and its own logs beside these.
_PUBLIC_IN_WAGTAIL = frozenset(
    {Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction, Site}
)

Condition = Callable[[Any], bool]
_conditions: dict[type, Condition] = {}


def log_only_if(base: type, condition: Condition) -> None:
    """Log changes of those objects of `base` alone that meet a condition, such as renditions that are shown."""
    _conditions[base] = condition


def meets_conditions(instance: Any) -> bool:
    """Tell whether an object of a watched model meets every condition that there is for one of its kind."""
    return all(
        condition(instance) for base, condition in _conditions.items() if isinstance(instance, base)
    )


@cache
def is_logged(model: Any) -> bool:
    """Tell whether changes of objects of `model` are logged.

    A response that reads anything else is never kept. So a new model is watched unless it is known to be internal.
    """
    if model._meta.apps is not apps:
        # A migration's model of the past.
        return False
    label = model._meta.app_label
    if label in _INTERNAL_APPS:
        return False
    if label == Page._meta.app_label:
        return model in _PUBLIC_IN_WAGTAIL
    if issubclass(model, apps.get_model(settings.AUTH_USER_MODEL)):
        # Every login changes a user.
        return hasattr(model, "api_fields")
    # The groups and permissions of users.
    return not any(
        field.related_model == apps.get_model(settings.AUTH_USER_MODEL)
        for field in model._meta.get_fields()
        if model._meta.auto_created and field.is_relation
    )
