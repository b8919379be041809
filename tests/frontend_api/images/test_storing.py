"""The size of an image, its focal box and its crops are those of the upright picture, however its file came."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from PIL import Image

from cms.models import CmsImage
from frontend_api.images.models import ImageFile
from tests import factories
from tests.configure import configure
from tests.frontend_api.conftest import Get, make_renditions
from tests.frontend_api.serialization.test_images import SMALL_USES, image_block

from .cameras import (
    EXTENSIONS,
    HEIGHT,
    MODES,
    SECRET,
    TURNED,
    WIDTH,
    exif,
    is_shown,
    opened,
    photograph,
    photographs,
    tells,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Commit = Callable[[], Any]
BOX = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


@pytest.fixture(autouse=True)
def small_uses(settings: Any) -> None:
    """Keep the pictures small, and take every format."""
    configure(settings, IMAGE_USES=SMALL_USES)


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Callable[..., Any]) -> Commit:
    """Return what runs, at its end, all that waits for the transaction."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def taken(content: bytes, name: str, **fields: Any) -> CmsImage:
    """Return an image that was made of a file by code."""
    return factories.ImageFactory(file=ContentFile(content, name=name), **fields)


def stored(content: bytes, name: str, **fields: Any) -> CmsImage:
    """Return an image as earlier versions stored it: with the file as it came, and the size as the camera was held."""
    image = taken(factories.png(), name)
    Path(image.file.path).write_bytes(content)
    with Image.open(BytesIO(content)) as picture:
        size = {"width": picture.width, "height": picture.height}
    CmsImage.objects.filter(pk=image.pk).update(**size, file_size=None, file_hash="", **fields)
    ImageFile.objects.update(is_in_order=False)
    return CmsImage.objects.get(pk=image.pk)


def marked(orientation: int, size: tuple[int, int] = (600, 800)) -> bytes:
    """Return a photograph on its side, of something red at the bottom right: at 440 to 520, 680 to 760."""
    picture = Image.new("RGB", size, "white")
    width, height = size
    picture.paste((220, 0, 0), (width - 160, height - 120, width - 80, height - 40))
    picture = picture.transpose(TURNED[orientation]) if orientation in TURNED else picture
    return factories.encoded(picture, "JPEG", exif=exif(orientation).tobytes())


def red(picture: Image.Image) -> float:
    """Return how much of a picture is red, between 0 and 1."""
    small = picture.convert("RGB").resize((100, 100))
    points = [small.getpixel((x, y)) for x in range(100) for y in range(100)]
    return sum(point[0] > 150 and point[1] < 110 for point in points) / 10_000


def as_now(image: CmsImage) -> CmsImage:
    """Return an image as it is stored now, after comparing what is known of its file with the file."""
    image = CmsImage.objects.get(pk=image.pk)
    content = Path(image.file.path).read_bytes()
    picture = opened(content)
    assert (image.width, image.height) == picture.size
    assert tells(content) == set()
    assert image.file_size in {None, len(content)}
    assert image.file_hash in {"", hashlib.sha1(content).hexdigest()}
    assert ImageFile.objects.get(image_key=str(image.pk)).is_in_order
    return image


def hold(get: Get, image: CmsImage) -> None:
    """Hold all that readers get of an image to what is promised."""
    image = as_now(image)
    shown = get(f"images/{image.pk}/")
    assert {source["type"] for source in shown["sources"]} >= {"image/avif", "image/webp"}
    for rendition in image.renditions.all():
        content = Path(rendition.file.path).read_bytes()
        picture = opened(content)
        assert (rendition.width, rendition.height) == picture.size
        assert is_shown(picture), rendition.filter_spec
        assert tells(content) == set(), rendition.filter_spec
        if rendition.url in shown["src"]:
            assert (shown["width"], shown["height"]) == picture.size
    assert Path(image.file.path).name in shown["meta"]["download_url"]


@settings(
    deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(photographs)
def test_any_photograph_is_upright_and_tells_nothing_wherever_it_is_shown(
    get: Get, photo: dict[str, Any]
) -> None:
    form = photo["form"]
    # Wagtail's library opens neither, before a form has put them in order.
    if form == "APNG" or (form, photo["mode"]) == ("HEIF", "L"):
        return
    image = taken(photograph(**photo), f"photo.{EXTENSIONS[form]}")
    factories.ContentPageFactory(body=[image_block(image)])
    make_renditions()
    hold(get, image)


@pytest.mark.parametrize("orientation", [1, *TURNED])
def test_an_image_made_by_code_is_as_wide_and_high_as_it_is_shown(
    get: Get, orientation: int
) -> None:
    image = taken(photograph("JPEG", "RGB", orientation), "photo.jpg")
    factories.ContentPageFactory(body=[image_block(image)])
    assert (image.width, image.height) == (WIDTH, HEIGHT)
    make_renditions()
    hold(get, image)


@pytest.mark.parametrize("orientation", [1, *TURNED])
def test_a_box_in_the_upright_picture_is_in_the_crop(orientation: int) -> None:
    image = taken(marked(orientation), "photo.jpg")
    for name, value in zip(BOX, (480, 720, 80, 80), strict=True):
        setattr(image, name, value)
    image.save()
    with image.get_rendition("fill-100x100-c100").file.open() as file:
        # The crop is a little larger than the box, and nothing of the box is outside of it.
        assert red(Image.open(file)) > 0.62


@pytest.mark.parametrize("orientation", [1, *TURNED])
def test_what_was_stored_before_is_put_right_with_its_box(get: Get, orientation: int) -> None:
    content = marked(orientation)
    with Image.open(BytesIO(content)) as picture:
        width, height = picture.size
    # What the admin stored for a box in the upright picture: it took the other size for that of the picture.
    across, down = width / 600, height / 800
    box = (480 * across, 720 * down, 80 * across, 80 * down)
    old = stored(content, "photo.jpg", **dict(zip(BOX, map(round, box), strict=True)))
    was_public = Path(old.file.path)
    title, created = old.title, old.created_at
    assert make_renditions().startswith("Put 1 image in order.\n")
    image = as_now(old)
    assert (image.width, image.height) == (600, 800)
    found = [getattr(image, name) for name in BOX]
    assert all(
        abs(one - wanted) <= 1 for one, wanted in zip(found, (480, 720, 80, 80), strict=True)
    )
    assert (image.title, image.created_at) == (title, created)
    assert was_public.exists()
    assert make_renditions() == "Made 0 renditions.\n"


def test_what_is_stored_in_order_stays_as_it_is() -> None:
    image = stored(photograph("JPEG", told=False), "photo.jpg")
    assert make_renditions() == "Made 0 renditions.\n"
    assert as_now(image).file.name == image.file.name


def test_the_size_of_an_upright_file_is_put_right_with_its_box() -> None:
    box = dict(zip(BOX, (30, 20, 10, 10), strict=True))
    image = stored(photograph("JPEG", told=False), "photo.jpg", **box)
    CmsImage.objects.filter(pk=image.pk).update(width=HEIGHT, height=WIDTH)
    make_renditions()
    image = as_now(image)
    assert (image.width, image.height) == (WIDTH, HEIGHT)
    assert [getattr(image, name) for name in BOX] == [45, 13, 15, 7]


def test_saving_an_image_of_before_puts_it_right() -> None:
    image = stored(photograph("JPEG", "RGB", 6), "photo.jpg")
    image.title = "Another"
    image.save()
    assert as_now(image).title == "Another"


def test_a_file_that_is_stored_before_its_image_is_put_right_too(commit: Commit) -> None:
    image = CmsImage(title="Photo")
    with commit():
        image.file.save("photo.jpg", ContentFile(photograph("JPEG", "RGB", 6)), save=False)
        raw = Path(image.file.path)
        image.save()
    assert as_now(image).title == "Photo"
    assert raw != Path(image.file.path)
    assert not raw.exists()


def replace(browser: Client, image: CmsImage, name: str, content: bytes, **fields: Any) -> Any:
    """Give an image another file in the admin."""
    fields = {"title": "x", "collection": 1, "tags": "", **fields}
    fields["file"] = SimpleUploadedFile(name, content)
    return browser.post(reverse("wagtailimages:edit", args=[image.pk]), fields)


@pytest.mark.parametrize("orientation", [1, *TURNED])
def test_another_file_is_upright_and_its_box_stays_in_its_place(
    admin_client: Client, orientation: int
) -> None:
    image = taken(marked(1, (300, 400)), "before.jpg")
    box = dict(zip(BOX, (180, 320, 80, 80), strict=True))
    CmsImage.objects.filter(pk=image.pk).update(**box)
    response = replace(admin_client, image, "IMG_1.jpg", marked(orientation), **box)
    assert response.status_code == 302
    image = as_now(image)
    assert (image.width, image.height) == (600, 800)
    assert [getattr(image, name) for name in BOX] == [360, 640, 160, 160]


@pytest.mark.parametrize("form", sorted(MODES))
def test_every_format_is_taken_by_the_form(admin_client: Client, get: Get, form: str) -> None:
    content = photograph(form, MODES[form][0], 6)
    response = admin_client.post(
        reverse("wagtailimages:add_multiple"),
        {
            "title": form,
            "files[]": SimpleUploadedFile(f"IMG 1.{EXTENSIONS[form].upper()}", content),
        },
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert response.json()["success"], response.json()
    image = CmsImage.objects.get(pk=response.json()["image_id"])
    factories.ContentPageFactory(body=[image_block(image)])
    make_renditions()
    hold(get, image)
    assert image.file.name.lower().rpartition(".")[2] in {"gif", "jpg", "png", "webp"}
    # The same file again is told to be one that is there already, though it was stored otherwise.
    again = admin_client.post(
        reverse("wagtailimages:add_multiple"),
        {"title": form, "files[]": SimpleUploadedFile(f"other.{EXTENSIONS[form]}", content)},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert again.json()["duplicate"]


def test_the_admin_shows_the_upright_picture_to_draw_the_box_in(admin_client: Client) -> None:
    image = taken(photograph("JPEG", "RGB", 6), "photo.jpg")
    page = admin_client.get(reverse("wagtailimages:edit", args=[image.pk])).content.decode()
    assert f'data-original-width="{WIDTH}" data-original-height="{HEIGHT}"' in page
    with image.get_rendition("max-800x600").file.open() as file:
        content = file.read()
    assert is_shown(opened(content))
    assert SECRET not in content
