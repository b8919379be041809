"""Invalidates everything after `migrate` and `flush`, which may change anything without a signal."""

from typing import Any

from django.apps import AppConfig, apps
from django.apps import apps as current_apps
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from .transaction import invalidate_all


@receiver(post_migrate)
def invalidate_after_migrations(
    sender: AppConfig,
    using: str = DEFAULT_DB_ALIAS,
    plan: Any = None,
    apps: Any = apps,
    **kwargs: Any,
) -> None:
    """Log that everything may have changed, if anything was migrated and the log's own tables exist.

    `flush` sends the same signal, without a plan.
    """
    is_own = sender.name == "frontend_api" and using == DEFAULT_DB_ALIAS
    if is_own and (plan is None or plan) and _has_log(apps):
        executor = MigrationExecutor(connection)
        left = executor.migration_plan(executor.loader.graph.leaf_nodes())
        invalidate_all(is_readable=not left)


def _has_log(apps: Any) -> bool:
    """Return whether the tables of the log, and of what follows it, match this code.

    After migrating backwards they match older code.
    """
    own = current_apps.get_app_config("frontend_api").get_models()
    return all(_columns(apps, model) == _columns(None, model) for model in own)


def _columns(apps: Any, model: Any) -> set[str]:
    if apps is not None:
        try:
            model = apps.get_model(model._meta.label)
        except LookupError:
            return set()
    return {field.column for field in model._meta.concrete_fields}
