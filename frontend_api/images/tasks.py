"""Tasks that make renditions; a worker can run them, and without one they run once the change is committed."""

from typing import Any

from django.apps import apps
from django.db import transaction
from django_tasks import task
from wagtail.images import get_image_model
from wagtail.models import Site

from frontend_api.visibility.perspective import Perspective

from .pictures import PICTURES, Picture
from .prepared import PREPARED_IMAGES
from .renditions import (
    drop_stale,
    has_renditions,
    make_for,
    make_for_users_of,
    make_missing,
    missing,
)


@task()
def object_changed(app_label: str, model_name: str, pk: str) -> None:
    """Make the renditions that a page, snippet or setting shows."""
    found = apps.get_model(app_label, model_name)._default_manager.filter(pk=pk).first()
    if found is not None:
        make_for(found)


@task()
def image_changed(pk: int, file_is_new: bool) -> None:
    """Delete renditions that a new focal point makes wrong, and make those that are missing where the image is used."""
    image = get_image_model()._default_manager.filter(pk=pk).first()
    if image is None:
        return
    # A new title changes no rendition, but an image without any may just have left a private collection.
    if drop_stale(image) or file_is_new or not has_renditions(image):
        make_for_users_of(image)


@task()
def pictures_chosen(site_id: int, keys: list[list[Any]]) -> None:
    """Make the missing renditions of pictures that a draft shows.

    Each key is `[primary key, use]`, or `[primary key, "", filter spec, …]` for what the project's code asked for.
    """
    site = Site.objects.select_related("root_page").filter(pk=site_id).first()
    if site is None:
        return
    perspective = Perspective(site)
    make_missing(PICTURES(perspective, {(key, use) for key, use, *specs in keys if use}).values())
    asked = [(key, specs) for key, use, *specs in keys if not use]
    images = PREPARED_IMAGES(perspective, {key for key, _ in asked})
    make_missing(
        Picture(images[key], "", {}, frozenset(), specs=tuple(specs))
        for key, specs in asked
        if key in images
    )


def enqueue_missing(pictures: list[Picture], site: Site) -> None:
    """Enqueue the pictures that lack a rendition, once the transaction is committed."""
    keys = [
        [picture.image.pk, picture.use, *picture.specs] for picture in pictures if missing(picture)
    ]
    if keys:
        transaction.on_commit(lambda: pictures_chosen.enqueue(site.pk, keys))
