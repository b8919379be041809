"""When renditions are made: when a page is published, and when a snippet or setting that the API shows is saved.

An image sees to its own renditions when it is saved; see `image_model`.
"""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_save
from django.dispatch import receiver
from modelcluster.fields import ParentalKey
from wagtail.models import Page
from wagtail.signals import page_published

from .tasks import object_changed


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
    if not any(isinstance(field, ParentalKey) for field in sender._meta.get_fields()):
        _enqueue(instance)


def _enqueue(instance: Model) -> None:
    meta = instance._meta
    transaction.on_commit(
        lambda: object_changed.enqueue(meta.app_label, str(meta.model_name), str(instance.pk))
    )
