"""When renditions are made: when a page is published, and when a snippet, a setting or an image is saved."""

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
    """Make what a page shows, once it is published."""
    _enqueue(instance)


@receiver(post_save)
def make_for_object(sender: type[Model], instance: Model, raw: bool, **kwargs: Any) -> None:
    """Make what a snippet or a setting shows, once it is saved; a fixture's references may not be there yet."""
    if raw or not hasattr(sender, "api_fields") or issubclass(sender, Page):
        return
    # An inline child is shown with its parent, which is saved after it or published.
    if not is_inline_child(sender):
        _enqueue(instance)


@receiver(image_saved)
def make_for_image(sender: type[Model], instance: Any, file_is_new: bool, **kwargs: Any) -> None:
    """Make again what is shown of an image, once it is saved."""
    transaction.on_commit(lambda: image_changed.enqueue(instance.pk, file_is_new))


@receiver(file_examined)
def log_what_the_file_is(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Log what was found out about an image, which is stored by a query that tells nobody."""
    log_update([instance])


def _enqueue(instance: Model) -> None:
    meta = instance._meta
    transaction.on_commit(
        lambda: object_changed.enqueue(meta.app_label, str(meta.model_name), str(instance.pk))
    )
