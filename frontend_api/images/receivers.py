"""Examines the files of images, and enqueues tasks that make renditions of what is published or saved."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.signals import page_published

from frontend_api.changes.enqueueing import enqueue
from frontend_api.changes.logged_models import log_as, log_only_if
from frontend_api.introspection import Page, is_inline_child

from .examination import examine_image, is_examined
from .models import ImageFile, key_of
from .tasks import image_changed, object_changed
from .uses import is_shown

_NAME_BEFORE = "_name_of_file_before"

log_only_if(AbstractRendition, is_shown)
log_as(
    AbstractRendition,
    lambda rendition: (type(rendition)._meta.get_field("image").related_model, rendition.image_id),
)
log_as(ImageFile, lambda file: (get_image_model(), file.image_key))


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


@receiver(pre_save)
def remember_file(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Remember the name of an image's file before it is saved: storing an upload changes it."""
    if _is_image(sender):
        instance.__dict__[_NAME_BEFORE] = instance.file.name


@receiver(post_save)
def make_for_image(sender: type[Model], instance: Any, raw: bool, **kwargs: Any) -> None:
    """Examine an image's file if it is new, delete the renditions of the old one, and enqueue the making of others.

    Fixtures (`raw`) are skipped, because their files may come later.
    """
    if raw or not _is_image(sender):
        return
    is_stored = instance.__dict__.pop(_NAME_BEFORE, None) != instance.file.name
    file_is_new = is_stored or not is_examined(instance)
    if is_stored:
        instance.renditions.all().delete()
    if file_is_new:
        examine_image(instance)
    enqueue(image_changed, instance.pk, file_is_new)


@receiver(post_delete)
def forget_file(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Delete what is known of the file of a deleted image."""
    if _is_image(sender):
        ImageFile.objects.filter(image_key=key_of(instance)).delete()


def _is_image(model: type[Model]) -> bool:
    """Return whether `model` is the image model, rather than a historical one from a migration."""
    return issubclass(model, AbstractImage) and model is get_image_model()


def _enqueue(instance: Model) -> None:
    meta = instance._meta
    enqueue(object_changed, meta.app_label, str(meta.model_name), str(instance.pk))
