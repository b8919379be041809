"""Wagtail's `publish_scheduled`, changed so that a page that cannot be published does not hold up the others."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.utils import timezone
from wagtail.management.commands.publish_scheduled import Command as WagtailCommand
from wagtail.models import DraftStateMixin, Revision

from frontend_api.changes import search_backend
from frontend_api.changes.transaction import transaction

logger = logging.getLogger(__name__)


class Command(WagtailCommand):
    """Expires and publishes what is due, each object in one transaction with its rows in the change log."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Do everything that is due; what fails is logged, named in a `CommandError`, and retried by the next run."""
        if options["dryrun"]:
            super().handle(*args, **options)
            return
        search_backend.catch_up()
        failed = [name for name, act in _due() if not _done(name, act)]
        if failed:
            raise CommandError(
                f"Not done, and to be tried again: {', '.join(failed)}. The log says why."
            )


def _due() -> Iterator[tuple[str, Callable[[], Any]]]:
    now = timezone.now()
    for model in apps.get_models():
        if issubclass(model, DraftStateMixin) and not _is_listed_with_parent(model):
            for expired in list(model._default_manager.filter(live=True, expire_at__lt=now)):
                yield (
                    f"{expired} expires",
                    lambda expired=expired: expired.unpublish(  # type: ignore[misc]
                        set_expired=True, log_action="wagtail.unpublish.scheduled"
                    ),
                )
    due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
    for revision in list(due):
        yield (
            f"{revision.object_str} is published",
            lambda revision=revision: revision.publish(  # type: ignore[misc]
                log_action="wagtail.publish.scheduled"
            ),
        )


def _is_listed_with_parent(model: Any) -> bool:
    """Return whether the objects of `model` are already found through a parent model, as pages are through `Page`."""
    return any(issubclass(parent, DraftStateMixin) for parent in model._meta.get_parent_list())


def _done(name: str, act: Callable[[], Any]) -> bool:
    try:
        with transaction():
            act()
    except Exception:
        # Whatever is wrong with this object, the others are still due.
        logger.exception("Scheduled, and not done: %s.", name)
        return False
    return True
