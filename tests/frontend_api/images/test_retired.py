"""What is replaced stays for as long as a cache may answer with its address, and nothing of what became private."""

import datetime
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection

from cms.models import CmsImage
from frontend_api.images.models import RetiredFile
from frontend_api.images.retired import MARGIN
from tests import factories
from tests.configure import configure
from tests.frontend_api.conftest import make_renditions
from tests.frontend_api.serialization.test_images import SMALL_USES, picture

pytestmark = pytest.mark.django_db

Commit = Callable[[], Any]
LIFETIMES = datetime.timedelta(seconds=700)


@pytest.fixture(autouse=True)
def lifetimes(settings: Any) -> None:
    """Caches that may answer for 700 seconds, and small pictures."""
    configure(settings, IMAGE_USES=SMALL_USES, S_MAXAGE=600, STALE_WHILE_REVALIDATE=100)


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Callable[..., Any]) -> Commit:
    """Return what runs, at its end, all that waits for the transaction."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def paths(image: CmsImage) -> set[Path]:
    """Return where the file of an image and those of its renditions are."""
    image = CmsImage.objects.get(pk=image.pk)
    return {Path(image.file.path)} | {Path(one.file.path) for one in image.renditions.all()}


def there(files: set[Path]) -> set[Path]:
    """Return those of some files that are there."""
    return {path for path in files if path.exists()}


def clear(commit: Commit) -> str:
    """Run the command that deletes what nobody can ask for any more."""
    said = StringIO()
    with commit():
        call_command("clear_previews", stdout=said)
    return said.getvalue()


def shown(**fields: Any) -> CmsImage:
    """Return an image that a page shows, with its renditions."""
    image = picture(100, 50, **fields)
    factories.ContentPageFactory(image=image)
    make_renditions()
    return image


def in_admin(browser: Client, image: CmsImage) -> None:
    """Give an image another file in the admin."""
    file = SimpleUploadedFile("red.png", factories.png(90, 60))
    sent = {"title": "x", "collection": image.collection_id, "tags": "", "file": file}
    address = reverse("wagtailimages:edit", args=[image.pk])
    assert browser.post(address, sent).status_code == 302


def by_code(browser: Client, image: CmsImage) -> None:
    """Give an image another file."""
    image.file = ContentFile(factories.png(90, 60), name="red.png")
    image.save()


@pytest.mark.parametrize("replace", [in_admin, by_code])
def test_what_caches_may_name_stays_until_they_cannot(
    admin_client: Client, commit: Commit, replace: Callable[[Client, CmsImage], None]
) -> None:
    image = shown()
    before = paths(image)
    assert len(before) == 14
    with commit():
        replace(admin_client, image)
    now = paths(image)
    assert there(before) == before
    assert not before & now
    assert "replaced" not in clear(commit)
    assert there(before | now) == before | now
    until = RetiredFile.objects.order_by("until").first()
    assert until is not None
    assert until.until - timezone.now() > LIFETIMES + MARGIN / 2
    RetiredFile.objects.update(until=timezone.now())
    assert "Deleted 14 replaced files." in clear(commit)
    assert there(before) == set()
    assert there(now) == now
    assert "replaced" not in clear(commit)


def test_the_crops_of_another_box_stay_too(commit: Commit) -> None:
    image = shown()
    before = paths(image)
    with commit():
        image.focal_point_x, image.focal_point_y = 10, 10
        image.focal_point_width = image.focal_point_height = 5
        image.save()
    gone = before - paths(image)
    assert len(gone) == 13
    assert there(gone) == gone
    RetiredFile.objects.update(until=timezone.now())
    clear(commit)
    assert there(gone) == set()


def test_nothing_stays_of_an_image_that_is_deleted(commit: Commit) -> None:
    image = shown()
    before = paths(image)
    with commit():
        by_code(Client(), image)
    every = before | paths(image)
    with commit():
        CmsImage.objects.get(pk=image.pk).delete()
    assert there(every) == set()
    assert not RetiredFile.objects.exists()


def move(image: CmsImage, private: Collection) -> None:
    image.collection = private
    image.save()


def restrict(image: CmsImage, private: Collection) -> None:
    image.collection.view_restrictions.create(restriction_type="login")


def move_with_collection(image: CmsImage, private: Collection) -> None:
    image.collection.move(private, pos="sorted-child")


def move_in_bulk(image: CmsImage, private: Collection) -> None:
    CmsImage.objects.filter(pk=image.pk).update(collection=private)
    call_command("invalidate_all", stdout=StringIO())


@pytest.mark.parametrize("hide", [move, restrict, move_with_collection, move_in_bulk])
def test_nothing_stays_of_an_image_that_becomes_private(
    commit: Commit, hide: Callable[[CmsImage, Collection], None]
) -> None:
    root = Collection.get_first_root_node()
    private = root.add_child(name="Private")
    private.view_restrictions.create(restriction_type="login")
    image = shown(collection=Collection.objects.get(pk=root.pk).add_child(name="Public"))
    before = paths(image)
    with commit():
        by_code(Client(), image)
    assert there(before) == before
    with commit():
        hide(CmsImage.objects.get(pk=image.pk), Collection.objects.get(pk=private.pk))
    clear(commit)
    assert there(before) == set()
    # What an image has now is its own, and as public as ever.
    assert Path(CmsImage.objects.get(pk=image.pk).file.path).exists()


def test_nothing_stays_of_what_is_replaced_while_it_is_private(commit: Commit) -> None:
    private = Collection.get_first_root_node().add_child(name="Private")
    private.view_restrictions.create(restriction_type="login")
    image = picture(100, 50, collection=private)
    before = paths(image)
    with commit():
        by_code(Client(), image)
    assert there(before) == set()


def test_a_file_whose_name_another_image_has_since_stays(commit: Commit) -> None:
    image = shown()
    name = image.file.name
    with commit():
        by_code(Client(), image)
    other = picture(10, 10)
    CmsImage.objects.filter(pk=other.pk).update(file=name)
    RetiredFile.objects.update(until=timezone.now())
    clear(commit)
    assert Path(image.file.storage.path(name)).exists()
