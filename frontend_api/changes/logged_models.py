"""Decides which models and objects have their changes logged: all but those that the public never sees."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from wagtail.models import Collection, CollectionViewRestriction, Locale, PageViewRestriction, Site

from frontend_api.introspection import Page

# Accounts, sessions, tasks, and the internal records of the admin and of this log.
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
        # The index logs its changes itself; see `search_backend`.
        "wagtailsearch",
        "wagtailusers",
    }
)
# The other models of `wagtailcore` are revisions, workflows, comments and its own logs.
_PUBLIC_IN_WAGTAIL = frozenset(
    {Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction, Site}
)

Condition = Callable[[Any], bool]
_conditions: dict[type, Condition] = {}
Whole = Callable[[Any], tuple[type[Model], Any]]
_wholes: dict[type, Whole] = {}
TagsOf = Callable[[Any], set[str]]
_more: dict[type, TagsOf] = {}


def log_only_if(base: type, condition: Condition) -> None:
    """Log changes to objects of `base` only if they meet `condition`, such as renditions only if they are shown.

    Of a model with drafts, only the objects that are live are logged, and conditions are not asked.
    """
    _conditions[base] = condition


def log_as(base: type, whole: Whole) -> None:
    """Log changes to objects of `base` as changes to what they are part of, which `whole` gives as model and key."""
    _wholes[base] = whole


def log_with(base: type, tags_of: TagsOf) -> None:
    """Log changes to objects of `base`, of whichever app, with what `tags_of` returns beside their own tags."""
    _more[base] = tags_of


def more_tags(instance: Any) -> set[str]:
    """Return the tags that `log_with` adds to those of an object."""
    return set().union(*(of(instance) for base, of in _more.items() if isinstance(instance, base)))


def whole_of(instance: Any) -> tuple[type[Model], Any] | None:
    """Return the model and key of what an object is part of, if its changes are logged as those of that."""
    found = (whole for base, whole in _wholes.items() if isinstance(instance, base))
    return next((whole(instance) for whole in found), None)


def meets_conditions(instance: Any) -> bool:
    """Return whether an object of a logged model meets all conditions that `log_only_if` has set for its type."""
    return all(
        condition(instance) for base, condition in _conditions.items() if isinstance(instance, base)
    )


@cache
def is_logged(model: Any) -> bool:
    """Return whether changes to objects of `model` are logged.

    A response that reads any other model is never cached, so a new model is logged unless it is known to be internal.
    """
    if model._meta.apps is not apps:
        # A historical model from a migration.
        return False
    if issubclass(model, (*_wholes, *_more)):
        return True
    label = model._meta.app_label
    if label in _INTERNAL_APPS:
        return False
    if label == Site._meta.app_label:
        return model in _PUBLIC_IN_WAGTAIL
    if issubclass(model, apps.get_model(settings.AUTH_USER_MODEL)):
        # Every login changes a user, so users are logged only if the API shows them.
        return hasattr(model, "api_fields")
    # Tables such as those of users' groups and permissions are not logged.
    return not any(
        field.related_model == apps.get_model(settings.AUTH_USER_MODEL)
        for field in model._meta.get_fields()
        if model._meta.auto_created and field.is_relation
    )
