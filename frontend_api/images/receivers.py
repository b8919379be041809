"""Enqueues tasks that make renditions when a page is published, or a snippet, setting or image is saved."""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.images.models import AbstractRendition
from wagtail.models import Page
from wagtail.signals import page_published

from frontend_api.changes.capture import log_update
from frontend_api.changes.logged_models import log_only_if
from frontend_api.introspection import is_inline_child

from .signals import file_examined, image_saved
from .tasks import image_changed, object_changed
from .uses import is_shown

log_only_if(AbstractRendition, is_shown)


@receiver(page_published)
def make_for_page(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Enqueue the renditions that a page shows, once it is published."""
    _enqueue(instance)


@receiver(post_save)
def make_for_object(sender: type[Model], instance: Model, raw: bool, **kwargs: Any) -> None:
    """Enqueue the renditions that a snippet or setting shows, once it is saved.

    Fixtures (`raw`) are skipped, because the objects that they refer to may not exist yet.
    """
    if raw or not hasattr(sender, "api_fields") or issubclass(sender, Page):
        return
    # An inline child is shown with its parent, which is published, or saved after the child.
    if not is_inline_child(sender):
        _enqueue(instance)


@receiver(image_saved)
def make_for_image(sender: type[Model], instance: Any, file_is_new: bool, **kwargs: Any) -> None:
    """Enqueue the update of an image's renditions, once it is saved."""
    transaction.on_commit(lambda: image_changed.enqueue(instance.pk, file_is_new))


@receiver(file_examined)
def log_what_the_file_is(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Log the change of what is known of an image's file, because the query that stores it sends no signal."""
    log_update([instance])


def _enqueue(instance: Model) -> None:
    meta = instance._meta
    transaction.on_commit(
        lambda: object_changed.enqueue(meta.app_label, str(meta.model_name), str(instance.pk))
    )
