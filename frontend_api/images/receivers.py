"""Examines the files of images, and enqueues tasks that make renditions of what is published or saved."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.signal_handlers import post_delete_file_cleanup
from wagtail.models import Collection, CollectionViewRestriction
from wagtail.signals import page_published

from frontend_api.changes.enqueueing import enqueue
from frontend_api.changes.logged_models import log_as, log_only_if
from frontend_api.introspection import Page, is_inline_child

from . import retired
from .examination import examine_image, is_examined, record
from .models import ImageFile, key_of
from .storing import is_stored, name_before, put_in_order
from .tasks import image_changed, object_changed
from .uses import is_shown

_EXAMINED, _NAME_BEFORE, _NAME_STORED = "_examined", "_name_of_file_before", "_name_of_file_stored"

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
def put_file_in_order(
    sender: type[Model], instance: Any, raw: bool, update_fields: Any, **kwargs: Any
) -> None:
    """Put an image's file in order before it is stored, and remember its name: storing an upload changes it."""
    if raw or not _is_image(sender):
        return
    before = instance.file.name
    is_written = update_fields is None or "file" in update_fields
    if is_written and not (is_stored(instance) and is_examined(instance)):
        before = instance.__dict__[_NAME_STORED] = name_before(instance)
        instance.__dict__[_EXAMINED] = put_in_order(instance)
    # A storage may give a new file the name of the old one.
    instance.__dict__[_NAME_BEFORE] = before if is_stored(instance) else None


@receiver(post_save)
def make_for_image(sender: type[Model], instance: Any, raw: bool, **kwargs: Any) -> None:
    """Examine an image's file if it is new, delete the renditions of the old one, and enqueue the making of others.

    Fixtures (`raw`) are skipped, because their files may come later.
    """
    if raw or not _is_image(sender):
        return
    examined = instance.__dict__.pop(_EXAMINED, None)
    stored = instance.__dict__.pop(_NAME_STORED, None)
    is_replaced = instance.__dict__.pop(_NAME_BEFORE, None) != instance.file.name
    file_is_new = is_replaced or not is_examined(instance)
    if is_replaced:
        instance.renditions.all().delete()
        if stored and stored != instance.file.name:
            retired.keep_original(instance, stored)
    if examined is not None:
        record(instance, examined)
    elif file_is_new:
        examine_image(instance)
    retired.forget_private_on_commit()
    enqueue(image_changed, instance.pk, file_is_new)


@receiver(post_save, sender=Collection)
@receiver(post_save, sender=CollectionViewRestriction)
def forget_what_is_private_now(raw: bool, **kwargs: Any) -> None:
    """Keep nothing of images that become private with their collection."""
    if not raw:
        retired.forget_private_on_commit()


@receiver(pre_delete)
def take_over_files(sender: type[Model], **kwargs: Any) -> None:
    """Have `keep_replaced` see to the files of renditions in the place of Wagtail.

    Here, since Wagtail may start after this app; to disconnect what is not connected does nothing.
    """
    if issubclass(sender, AbstractRendition):
        post_delete.disconnect(post_delete_file_cleanup, sender=sender)


@receiver(post_delete)
def keep_replaced(sender: type[Model], instance: Any, origin: Any, **kwargs: Any) -> None:
    """Keep the file of a rendition that was replaced for a while, and delete that of an image that is gone."""
    if not issubclass(sender, AbstractRendition):
        return
    if getattr(origin, "model", type(origin)) is sender:
        retired.keep_rendition(instance)
    else:
        post_delete_file_cleanup(instance)


@receiver(post_delete)
def forget_file(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Delete what is known of the file of a deleted image."""
    if _is_image(sender):
        ImageFile.objects.filter(image_key=key_of(instance)).delete()
        retired.forget(instance)


def _is_image(model: type[Model]) -> bool:
    """Return whether `model` is the image model, rather than a historical one from a migration."""
    return issubclass(model, AbstractImage) and model is get_image_model()


def _enqueue(instance: Model) -> None:
    meta = instance._meta
    enqueue(object_changed, meta.app_label, str(meta.model_name), str(instance.pk))
