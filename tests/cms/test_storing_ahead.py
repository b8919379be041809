"""An upload is in the bucket before the transaction that writes its row, and only if that is committed afterwards."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.users.models import UserProfile

from cms import storing_ahead
from cms.models import CmsDocument, CmsImage
from cms.storages import MediaStorage
from tests import factories
from tests.cms.admin import ACCOUNT
from tests.cms.test_media_in_a_bucket import in_the_bucket, service

__all__ = ["in_the_bucket", "service"]

pytestmark = [pytest.mark.django_db, pytest.mark.once]

REPORT = b"A report. " * 300_000
"""So much that a form keeps it in a file of its own."""


def picture(name: str = "A ship.png", width: int = 100) -> ContentFile[bytes]:
    return ContentFile(factories.png(width, 50), name=name)


def sent(file: Any, **others: Any) -> dict[str, Any]:
    """Return what a form sends."""
    return {"title": "Boat", "collection": 1, "tags": "", "file": file, **others}


def stored(folder: str) -> set[str]:
    """Return the names of the files in a folder of the bucket."""
    return {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Refuse whatever is saved of a model, after its form has found nothing wrong."""

    def refuse(sender: Any, **kwargs: Any) -> None:
        if sender in models:
            raise ValidationError("Not today.")

    models: set[Any] = set()
    pre_save.connect(refuse)
    yield models
    pre_save.disconnect(refuse)


@pytest.fixture(autouse=True)
def remembering_nothing() -> Any:
    """See that nothing is remembered of what is over."""
    yield
    assert not storing_ahead._all()


@pytest.mark.parametrize(
    ("address", "prefix", "name"),
    [
        ("wagtailimages:add", "", "file"),
        ("wagtailimages:add_multiple", "", "files[]"),
        ("wagtailimages_chooser:create", "image-chooser-upload-", "file"),
    ],
)
def test_a_picture_is_stored_once_wherever_it_is_uploaded(
    admin_client: Client, address: str, prefix: str, name: str
) -> None:
    before = stored("original_images")
    fields = {"title": "Boat", "collection": 1, "tags": "", name: picture()}
    form = {f"{prefix}{field}": value for field, value in fields.items()}
    answer = admin_client.post(reverse(address), form)
    assert answer.status_code in {200, 302}
    image = CmsImage.objects.get()
    assert stored("original_images") == before | {image.file.name}
    assert (image.width, image.height) == (100, 50)
    with image.open_file() as file:
        assert Image.open(file).size == (100, 50)
    if "chooser" in address:
        # Its small picture is made once somebody looks at it; until then the file itself is shown.
        shown = answer.json()["result"]["preview"]
        assert shown == {"url": image.file.url, "width": 100, "height": 50}
        assert not image.renditions.exists()


def test_a_document_takes_the_place_of_another_once_that_is_committed(
    admin_client: Client, refusing: Any, django_capture_on_commit_callbacks: Any
) -> None:
    first = ContentFile(REPORT, name="annual.txt")
    answer = admin_client.post(reverse("wagtaildocs:add"), sent(first))
    assert answer.status_code == 302
    document = CmsDocument.objects.get()
    with document.file.open() as file:
        assert file.read() == REPORT
    assert document.file_size == len(REPORT)
    there = stored("documents")
    address = reverse("wagtaildocs:edit", args=[document.pk])
    refusing.add(CmsDocument)
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(address, sent(ContentFile(b"Another", name="annual.txt")))
    # Neither is the old one gone, nor is the new one there.
    assert stored("documents") == there
    assert CmsDocument.objects.get().file.name == document.file.name
    refusing.clear()
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(address, sent(ContentFile(b"Another", name="annual.txt")))
    now = CmsDocument.objects.get()
    with now.file.open() as file:
        assert file.read() == b"Another"
    assert stored("documents") == there - {document.file.name} | {now.file.name}


def test_a_picture_whose_row_is_refused_is_deleted_again(
    admin_client: Client, refusing: Any
) -> None:
    before = stored("original_images")
    refusing.add(CmsImage)
    answer = admin_client.post(reverse("wagtailimages:add"), sent(picture()))
    assert answer.status_code == 302
    assert not CmsImage.objects.exists()
    assert stored("original_images") == before


def test_what_is_deleted_while_its_file_is_stored_does_not_come_back(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = factories.ImageFactory()
    before = stored("original_images")
    save = MediaStorage.save

    def saved(*args: Any, **options: Any) -> str:
        name = save(*args, **options)
        CmsImage.objects.filter(pk=image.pk).delete()
        return name

    monkeypatch.setattr(MediaStorage, "save", saved)
    address = reverse("wagtailimages:edit", args=[image.pk])
    answer = admin_client.post(address, sent(picture()))
    assert answer.status_code == 302
    shown = admin_client.get("/admin/").content.decode()
    assert "changed or deleted at the same moment" in shown
    assert not CmsImage.objects.exists()
    assert stored("original_images") <= before


def test_a_picture_of_oneself_is_replaced_once_that_is_committed(
    admin_client: Client, admin_user: Any, django_capture_on_commit_callbacks: Any
) -> None:
    names = []
    for width in (100, 600):
        with django_capture_on_commit_callbacks(execute=True):
            answer = admin_client.post(
                reverse("wagtailadmin_account"),
                {**ACCOUNT, "avatar-avatar": picture("me.png", width)},
            )
        assert answer.status_code == 302
        names.append(UserProfile.objects.get(user=admin_user).avatar.name)
    assert names[0] != names[1]
    assert not default_storage.exists(names[0])
    assert default_storage.exists(names[1])
