"""Files that were replaced, kept for as long as a cache may answer with their addresses.

Wagtail deletes the renditions of an image, and its old file, at the moment when it gets another one; what a browser or
a cache in front still shows would point at nothing. Nothing is kept of an image that is deleted or becomes private.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Site
from wagtail.tasks import delete_file_from_storage_task

from frontend_api import conf
from frontend_api.changes.transaction import after_commit
from frontend_api.visibility.perspective import Perspective

from .models import RetiredFile, key_of

# Beyond what caches are told: a page that somebody has open, or that a frontend keeps by itself.
MARGIN = datetime.timedelta(days=1)


def keep_original(image: Any, name: str) -> None:
    """Keep the file that an image had before."""
    _keep(key_of(image), name, is_rendition=False)


def keep_rendition(rendition: Any) -> None:
    """Keep the file of a rendition that is no more."""
    _keep(key_of(rendition.image), rendition.file.name, is_rendition=True)


def _keep(key: str, name: str, *, is_rendition: bool) -> None:
    seconds = conf.shared_max_age() + conf.stale_while_revalidate()
    until = timezone.now() + MARGIN + datetime.timedelta(seconds=seconds)
    RetiredFile.objects.update_or_create(
        name=name, is_rendition=is_rendition, defaults={"image_key": key, "until": until}
    )
    forget_private_on_commit()


def forget_private_on_commit() -> None:
    """Delete what is kept of private images once it is known what is private: when the transaction is over."""
    after_commit(forget_private, forget_private)


def forget(image: Any) -> None:
    """Delete what is kept of an image, which is deleted or becomes private."""
    _delete(RetiredFile.objects.filter(image_key=key_of(image)))


def forget_private() -> None:
    """Delete what is kept of images that nobody may see any more."""
    keys = set(RetiredFile.objects.values_list("image_key", flat=True))
    if keys:
        public = {key_of(image) for image in _public_images().only("pk").filter(pk__in=keys)}
        _delete(RetiredFile.objects.filter(image_key__in=keys - public))


def clear() -> int:
    """Delete the files that no cache can name any more, and return how many there were."""
    # Wagtail moves several images into a collection at once in a query that sends no signals.
    forget_private()
    return _delete(RetiredFile.objects.filter(until__lt=timezone.now()))


def _public_images() -> QuerySet[Any]:
    site = Site.objects.order_by("-is_default_site", "pk").first()
    return Perspective(site).images() if site else get_image_model()._default_manager.none()


def _delete(rows: "QuerySet[RetiredFile]") -> int:
    retired = list(rows)
    RetiredFile.objects.filter(pk__in=[row.pk for row in retired]).delete()
    transaction.on_commit(lambda: _delete_files(retired))
    return len(retired)


def _delete_files(retired: Iterable[RetiredFile]) -> None:
    model = get_image_model()
    for row in retired:
        owner: Any = model.get_rendition_model() if row.is_rendition else model
        storage = owner._meta.get_field("file").storage
        # Another image may have got a file of this name since.
        if not owner._base_manager.filter(file=row.name).exists():
            delete_file_from_storage_task.enqueue(storage.deconstruct(), row.name)
