"""Tasks that make renditions; a worker can run them, and without one they run once the change is committed."""

from typing import Any

from django.apps import apps
from django_tasks import task
from wagtail.images import get_image_model
from wagtail.models import Site

from frontend_api import conf
from frontend_api.changes.enqueueing import LATE, enqueue
from frontend_api.visibility.perspective import Perspective

from .files import BROKEN
from .pictures import PICTURES, Picture
from .prepared import PREPARED_IMAGES
from .renditions import drop_stale, has_renditions, make_missing, missing, shown_by, users_of


@task()
def object_changed(app_label: str, model_name: str, pk: str) -> None:
    """Make the renditions that a page, snippet or setting shows."""
    found = apps.get_model(app_label, model_name)._default_manager.filter(pk=pk).first()
    if found is not None:
        _enqueue_shown(found)


@task()
def image_changed(pk: int, file_is_new: bool) -> None:
    """Delete renditions that a new focal point makes wrong, and make those that are missing where the image is used."""
    image = get_image_model()._default_manager.filter(pk=pk).first()
    if image is None:
        return
    # A new title changes no rendition, but an image without any may just have left a private collection.
    if drop_stale(image) or file_is_new or not has_renditions(image):
        for found in users_of(image):
            _enqueue_shown(found)


@task()
def pictures_chosen(site_id: int, keys: list[list[Any]], first_only: bool = False) -> None:
    """Make the missing renditions of pictures, or only those that a page cannot do without.

    Each key is `[primary key, use]`, or `[primary key, "", filter spec, …]` for what the project's code asked for.
    """
    site = Site.objects.select_related("root_page").filter(pk=site_id).first()
    if site is None:
        return
    perspective = Perspective(site)
    shown = PICTURES(perspective, {(key, use) for key, use, *specs in keys if use}).values()
    make_missing(shown, first_only=first_only)
    asked = [(key, specs) for key, use, *specs in keys if not use]
    images = PREPARED_IMAGES(perspective, {key for key, _ in asked})
    make_missing(
        Picture(images[key], "", {}, frozenset(), specs=tuple(specs))
        for key, specs in asked
        if key in images
    )


def _enqueue_shown(obj: Any) -> None:
    """Enqueue the pictures that a page, snippet or setting shows to readers of its site."""
    site, pictures = shown_by(obj)
    if site is None:
        return
    enqueue_missing(pictures, site)
    for picture in pictures:
        if picture.kind == BROKEN:
            # Somebody may have put its file back.
            enqueue(pictures_chosen, site.pk, _keys(picture), priority=LATE)


def enqueue_missing(pictures: list[Picture], site: Site) -> None:
    """Enqueue the pictures that lack a rendition, once the transaction is committed.

    Each image and use is work of its own, so that a queue can tell what waits already. What a page needs for its
    first reader is not to wait for all the rest, which includes other pages'. A process that only reads enqueues none.
    """
    if conf.read_only():
        return
    for picture in pictures:
        keys = _keys(picture)
        if missing(picture, first_only=True):
            enqueue(pictures_chosen, site.pk, keys, True)
        if missing(picture):
            enqueue(pictures_chosen, site.pk, keys, priority=LATE)


def _keys(picture: Picture) -> list[list[Any]]:
    return [[picture.image.pk, picture.use, *picture.specs]]
