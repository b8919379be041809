"""A migration may change anything behind the log's back."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from .recording import bump


@receiver(post_migrate)
def bump_after_migrations(sender: AppConfig, plan: Any, **kwargs: Any) -> None:
    """Log that everything may have changed, once the log's own tables are there and where anything was migrated."""
    if sender.name == "frontend_api" and plan:
        bump()
