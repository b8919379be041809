"""Media in a bucket of an S3-compatible service: readers find pictures there, and documents by way of the service."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import requests
from botocore.config import Config
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from moto.server import ThreadedMotoServer
from wagtail.models import Collection, CollectionViewRestriction
from wagtail.tasks import delete_file_from_storage_task

from cms.models import CmsImage
from cms.settings import media
from cms.storages import SIGNED_FOR
from frontend_api.images.models import RetiredFile
from tests import factories
from tests.configure import configure
from tests.frontend_api.conftest import make_renditions
from tests.frontend_api.serialization.test_images import SMALL_USES

pytestmark = [pytest.mark.django_db, pytest.mark.once]

BUCKET = "media-of-hdf"
POLICY = Path(__file__).resolve().parents[2] / "deploy" / "s3" / "bucket-policy.json"
Commit = Callable[..., Any]


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """A service with the bucket, in which everybody may read what the policy of `deploy/` says."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=Config(s3={"addressing_style": "path"}),
    )
    client.create_bucket(Bucket=BUCKET)
    client.put_bucket_policy(
        Bucket=BUCKET, Policy=POLICY.read_text(encoding="utf-8").replace("BUCKET", BUCKET)
    )
    yield address
    server.stop()


@pytest.fixture(autouse=True)
def in_the_bucket(service: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings that the variables of the environment make."""
    for name, value in {
        "MEDIA_BUCKET": BUCKET,
        "MEDIA_BUCKET_ENDPOINT": service,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    settings.STORAGES = {**settings.STORAGES, "default": media.storage()}
    settings.MEDIA_URL = media.media_url()
    configure(settings, IMAGE_USES=SMALL_USES)


def image_of(client: Client, page: Any) -> dict[str, Any]:
    """Return the image of a page, as readers get it."""
    shown: dict[str, Any] = client.get(f"/api/v2/pages/{page.pk}/").json()["image"]
    return shown


def addresses(image: dict[str, Any]) -> set[str]:
    """Return where the files of an image are."""
    return {image["src"]} | {one["url"] for part in image["sources"] for one in part["srcset"]}


def test_a_picture_that_is_uploaded_is_read_in_the_bucket(
    admin_client: Client, client: Client, service: str, django_capture_on_commit_callbacks: Commit
) -> None:
    file = ContentFile(factories.png(100, 50), name="A boat.png")
    sent = {"title": "Boat", "collection": 1, "tags": "", "file": file}
    assert admin_client.post("/admin/images/add/", sent).status_code == 302
    image = CmsImage.objects.get()
    page = factories.ContentPageFactory(image=image)
    original = image_of(client, page)
    assert original["src"] == f"{service}/{BUCKET}/original_images/A_boat.png"
    make_renditions()
    shown = image_of(client, page)
    assert shown["sources"]
    assert shown["placeholder"]
    for address in addresses(shown):
        assert address.startswith(f"{service}/{BUCKET}/images/")
        assert requests.get(address, timeout=5).status_code == 200
    # What replaces it has another name, and what it was stays until no cache can name it.
    with django_capture_on_commit_callbacks(execute=True):
        image = CmsImage.objects.get()
        image.file = ContentFile(factories.png(90, 60), name="A boat.png")
        image.save()
    assert image.file.name != "original_images/A_boat.png"
    assert requests.get(original["src"], timeout=5).status_code == 200
    assert RetiredFile.objects.filter(name="original_images/A_boat.png").exists()


def test_a_picture_has_the_address_of_another_host(client: Client, settings: Any) -> None:
    settings.MEDIA_URL = "https://media.example.org/"
    image = factories.ImageFactory()
    page = factories.ContentPageFactory(image=image)
    make_renditions()
    found = addresses(image_of(client, page))
    assert found
    assert all(address.startswith("https://media.example.org/images/") for address in found)


def test_a_read_asks_the_bucket_nothing(client: Client, settings: Any) -> None:
    image = factories.ImageFactory()
    page = factories.ContentPageFactory(image=image)
    make_renditions()
    before = image_of(client, page)
    # Nobody listens there.
    storage = settings.STORAGES["default"]
    away = {**storage["OPTIONS"], "endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = {**settings.STORAGES, "default": {**storage, "OPTIONS": away}}
    assert image_of(client, page) == before


def test_a_document_is_read_by_way_of_the_service_alone(client: Client, service: str) -> None:
    document = factories.DocumentFactory(file=ContentFile(b"Twelve bytes", name="a report.txt"))
    unsigned = f"{service}/{BUCKET}/{document.file.name}"
    assert requests.get(unsigned, timeout=5).status_code == 403
    answer = client.get(document.url)
    assert answer.status_code == 302
    signed = urlsplit(answer["Location"])
    assert f"{signed.scheme}://{signed.netloc}{signed.path}" == unsigned
    assert parse_qs(signed.query)["X-Amz-Expires"] == [str(SIGNED_FOR)]
    read = requests.get(answer["Location"], timeout=5)
    assert read.content == b"Twelve bytes"
    assert read.headers["Content-Disposition"] == "attachment"
    assert read.headers["Cache-Control"] == "private, no-store"


def test_a_private_document_is_signed_for_those_alone_who_may_read_it(
    client: Client, admin_client: Client
) -> None:
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type=CollectionViewRestriction.LOGIN
    )
    document = factories.DocumentFactory(collection=private)
    turned_away = client.get(document.url)
    assert turned_away.status_code == 302
    assert "X-Amz" not in turned_away["Location"]
    assert turned_away["Location"].startswith("/")
    assert requests.get(admin_client.get(document.url)["Location"], timeout=5).ok


def without_originals() -> str:
    """Return the policy that the docs tell to make where originals are private."""
    policy = json.loads(POLICY.read_text(encoding="utf-8").replace("BUCKET", BUCKET))
    read = policy["Statement"][0]["Resource"]
    policy["Statement"][0]["Resource"] = [one for one in read if "original_images" not in one]
    return json.dumps(policy)


@pytest.fixture
def private_originals(service: str, settings: Any) -> Iterator[None]:
    """A bucket that gives originals to those alone who have a signed address."""
    settings.MEDIA_PRIVATE_ORIGINALS = True
    storage: Any = default_storage
    client = storage.connection.meta.client
    before = client.get_bucket_policy(Bucket=BUCKET)["Policy"]
    client.put_bucket_policy(Bucket=BUCKET, Policy=without_originals())
    yield
    client.put_bucket_policy(Bucket=BUCKET, Policy=before)


def test_a_private_original_is_signed_and_what_is_made_of_it_is_not(
    client: Client,
    service: str,
    settings: Any,
    private_originals: None,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    image = factories.ImageFactory()
    page = factories.ContentPageFactory(image=image)
    make_renditions()
    assert all(requests.get(address, timeout=5).ok for address in addresses(image_of(client, page)))
    plain = f"{service}/{BUCKET}/{image.file.name}"
    assert requests.get(plain, timeout=5).status_code == 403
    download = client.get(f"/api/v2/images/{image.pk}/").json()["meta"]["download_url"]
    assert download.startswith(f"{settings.WAGTAILAPI_BASE_URL}/originals/")
    path = urlsplit(download).path
    answer = client.get(path)
    assert answer.status_code == 302
    assert "no-store" in answer["Cache-Control"]
    signed = urlsplit(answer["Location"])
    assert f"{signed.scheme}://{signed.netloc}{signed.path}" == plain
    assert parse_qs(signed.query)["X-Amz-Expires"] == [str(SIGNED_FOR)]
    assert requests.get(answer["Location"], timeout=5).ok
    # What replaces it has another name; the one before is led to for as long as the file is there.
    with django_capture_on_commit_callbacks(execute=True):
        image.file = ContentFile(factories.png(90, 60), name="new.png")
        image.save()
    assert requests.get(client.get(path)["Location"], timeout=5).ok


def test_a_private_original_is_for_those_who_may_see_its_collection(
    client: Client, admin_client: Client, private_originals: None
) -> None:
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type=CollectionViewRestriction.LOGIN
    )
    image = factories.ImageFactory(collection=private)
    path = urlsplit(image.file.url).path
    assert client.get(path).status_code == 404
    assert requests.get(admin_client.get(path)["Location"], timeout=5).ok
    for unknown in ("nothing.png", "../documents/a.txt", "%00", "a/b/c.png"):
        assert client.get(f"/originals/{unknown}").status_code == 404
    assert client.post(path).status_code == 405


def test_a_document_takes_the_place_of_none_and_is_deleted_without_a_secret() -> None:
    first, second = factories.DocumentFactory(), factories.DocumentFactory()
    assert first.file.name != second.file.name
    pdf = factories.DocumentFactory(file=ContentFile(b"%PDF-1.4", name="report.PDF"))
    assert requests.get(pdf.file.url, timeout=5).headers["Content-Disposition"] == "inline"
    # A task is a row of the database.
    storage = default_storage.deconstruct()
    assert "secret" not in str(storage)
    delete_file_from_storage_task.call(storage, first.file.name)
    assert not default_storage.exists(first.file.name)
    assert default_storage.exists(second.file.name)
