"""Images that editors upload: what cannot be read is an error of the form, and what turns out so later is no 500."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageSequence

from cms.models import CmsImage
from cms.uploads import PUBLIC_AT_ONCE
from frontend_api.images import files
from frontend_api.images.files import AS_IT_IS, OPAQUE
from frontend_api.images.models import ImageFile
from tests import factories
from tests.cms.admin import soup
from tests.frontend_api.conftest import make_renditions

pytestmark = [pytest.mark.django_db, pytest.mark.once]

DAMAGED = "This file is damaged: it cannot be read to its end."


def noise(form: str, **options: Any) -> bytes:
    """Return a picture that cannot be packed, so that much of its file is needed."""
    return factories.encoded(Image.effect_noise((200, 150), 60).convert("RGB"), form, **options)


def moving() -> bytes:
    """Return an animation of which every picture is large."""
    frames = [Image.effect_noise((200, 150), 60 + place) for place in range(3)]
    return factories.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])


def upload(browser: Client, name: str, content: bytes) -> Any:
    """Upload a file in the place for many at once, and return what that place is told."""
    response = browser.post(
        reverse("wagtailimages:add_multiple"),
        {"title": name, "files[]": SimpleUploadedFile(name, content)},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert response.status_code == 200
    return response.json()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *(
            (f"half.{form.lower()}", noise(form)[: len(noise(form)) // 2])
            for form in ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP")
        ),
        ("last-byte-but-some.jpg", noise("JPEG")[:-200]),
        ("half-an-animation.gif", moving()[:-3000]),
        ("empty.png", b"\x89PNG\r\n\x1a\n"),
        ("text.jpg", b"not a picture"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_to_its_end_is_an_error_of_the_form(
    administrator: Client, settings: Any, name: str, content: bytes
) -> None:
    settings.WAGTAILIMAGES_EXTENSIONS = ["avif", "bmp", "gif", "jpeg", "jpg", "png", "tiff", "webp"]
    told = upload(administrator, name, content)
    assert told["success"] is False
    assert "damaged" in told["error_message"] or "valid image" in told["error_message"]
    added = administrator.post(
        reverse("wagtailimages:add"),
        {"title": name, "file": SimpleUploadedFile(name, content), "collection": 1, "tags": ""},
    )
    assert added.status_code == 200
    assert added.context["form"].errors["file"]
    assert not CmsImage.objects.exists()


def test_the_error_says_what_to_do(editor: Client) -> None:
    response = editor.post(
        reverse("wagtailimages:add"),
        {"title": "x", "file": SimpleUploadedFile("x.jpg", noise("JPEG")[:3000]), "tags": ""},
    )
    [message] = response.context["form"].errors["file"]
    assert message.startswith(DAMAGED)
    assert "save it anew" in message


def test_another_file_for_an_image_is_read_to_its_end_too(administrator: Client) -> None:
    image = factories.ImageFactory()
    before = image.file.name
    address = reverse("wagtailimages:edit", args=[image.pk])
    sent = {"title": "x", "collection": 1, "tags": "", "focal_point_x": ""}
    broken = SimpleUploadedFile("x.jpg", noise("JPEG")[:3000])
    response = administrator.post(address, {**sent, "file": broken})
    assert response.context["form"].errors["file"]
    image.refresh_from_db()
    assert image.file.name == before
    assert Path(image.file.path).exists()
    # Without a file the form is about all the rest.
    assert administrator.post(address, sent).status_code == 302


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.jpg", noise("JPEG"), OPAQUE),
        ("a.png", noise("PNG"), OPAQUE),
        ("a.webp", noise("WEBP"), OPAQUE),
        ("moving.gif", moving(), AS_IT_IS),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_whole_file_is_taken(administrator: Client, name: str, content: bytes, kind: str) -> None:
    told = upload(administrator, name, content)
    assert told["success"] is True, told
    image = CmsImage.objects.get(pk=told["image_id"])
    assert factories.file_of(image).kind == kind
    assert image.file.size == len(content)


def test_no_more_of_an_animation_is_read_than_a_picture_may_have(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Some hundred bytes, and two hundred million pixels.
    plain = Image.new("P", (4_000, 2_000))
    dots = [plain.copy() for _ in range(25)]
    for place, dot in enumerate(dots):
        dot.putpixel((place, 0), 1)
    content = factories.encoded(plain, "GIF", save_all=True, append_images=dots)
    read: list[int] = []

    class Counting(ImageSequence.Iterator):
        def __getitem__(self, place: int) -> Image.Image:
            read.append(place)
            return super().__getitem__(place)

        def __next__(self) -> Image.Image:
            read.append(self.position)
            return super().__next__()

    monkeypatch.setattr(files.ImageSequence, "Iterator", Counting)
    assert upload(administrator, "wall.gif", content)["success"] is True
    assert len(read) == files.MOST_PIXELS // (4_000 * 2_000) + 1


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_picture_whose_notes_alone_are_damaged_is_taken(administrator: Client) -> None:
    notes = b"Exif\x00\x00MM\x00*\xff\xff\xff\xff" + b"\x00" * 20
    told = upload(administrator, "a.jpg", noise("JPEG", exif=notes))
    assert told["success"] is True, told


def test_the_form_says_how_large_a_picture_may_be(administrator: Client) -> None:
    said = "Maximum filesize: 25.0\xa0MB. Largest picture: 60 megapixels."
    assert said in administrator.get(reverse("wagtailimages:add_multiple")).content.decode()
    image = factories.ImageFactory()
    address = reverse("wagtailimages:edit", args=[image.pk])
    assert said in administrator.get(address).content.decode()


def test_a_picture_of_too_many_pixels_is_an_error_that_says_so(
    administrator: Client, settings: Any
) -> None:
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 100_000
    told = upload(administrator, "wall.png", factories.png(400, 251))
    assert told["success"] is False
    assert "more than 0.1 megapixels" in told["error_message"]
    assert upload(administrator, "wall.png", factories.png(400, 250))["success"] is True


def test_a_picture_that_the_library_would_not_open_is_an_error_too(administrator: Client) -> None:
    # A bitmap says how large it is in its first bytes, and needs no more for that.
    bitmap = bytearray(factories.encoded(Image.new("RGB", (10, 10)), "BMP"))
    bitmap[18:26] = (30_000).to_bytes(4, "little") * 2
    assert "megapixels" in upload(administrator, "wall.bmp", bytes(bitmap))["error_message"]


def test_a_file_of_too_many_bytes_is_an_error(administrator: Client, settings: Any) -> None:
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 1_000
    assert "too big" in upload(administrator, "a.jpg", noise("JPEG"))["error_message"]


@pytest.mark.parametrize("name", ["a.png", "a.svg", "a.heic", "a", "a.exe"])
def test_a_file_that_is_not_what_it_is_called_is_an_error(administrator: Client, name: str) -> None:
    told = upload(administrator, name, noise("JPEG"))
    assert told["success"] is False
    assert "Not a " in told["error_message"]


def test_a_drawing_is_cleaned_and_shown_where_it_can_do_nothing(administrator: Client) -> None:
    drawn = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" onload="alert(1)">'
        b'<script>alert(1)</script><rect width="40" height="20"/></svg>'
    )
    told = upload(administrator, "drawing.svg", drawn)
    assert told["success"] is True, told
    image = CmsImage.objects.get(pk=told["image_id"])
    assert (image.width, image.height) == (40, 20)
    text = Path(image.file.path).read_text()
    assert "<rect" in text
    assert "alert" not in text
    for address in ("edit", "image_usage", "delete"):
        response = administrator.get(reverse(f"wagtailimages:{address}", args=[image.pk]))
        assert response.status_code == 200
    # Whether there is such a file or not, who asks for it gets the policy.
    served = administrator.get(image.file.url)
    assert "default-src 'none'" in served["Content-Security-Policy"]
    assert "sandbox" in served["Content-Security-Policy"]
    assert served["X-Content-Type-Options"] == "nosniff"


def stored_large(settings: Any) -> CmsImage:
    """Return an image that was stored when larger ones were allowed, and is looked at again."""
    image = factories.ImageFactory(file=ContentFile(factories.png(400, 400), name="wall.png"))
    ImageFile.objects.all().delete()
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 100_000
    return image


def test_a_picture_that_is_stored_and_too_large_is_marked_and_never_decoded(
    administrator: Client, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = stored_large(settings)
    page = factories.ContentPageFactory(image=image)
    with monkeypatch.context() as patch:
        patch.setattr("PIL.ImageFile.ImageFile.load", lambda picture: pytest.fail("Decoded."))
        make_renditions()
    assert factories.file_of(image).problem == files.TOO_MANY_PIXELS
    assert not image.renditions.exists()
    assert client.get(f"/api/v2/pages/{page.pk}/").json()["image"] is None
    assert client.get(f"/api/v2/images/{image.pk}/").status_code == 404
    assert Path(image.file.path).exists()
    shown = administrator.get(reverse("wagtailimages:edit", args=[image.pk])).content.decode()
    assert "Readers do not see this image: it has more than 0.1 megapixels." in shown
    for layout in ("grid", "list"):
        listed = administrator.get(reverse("wagtailimages:index"), {"layout": layout})
        assert listed.content.decode().count("Readers do not see this image.") == 1
    reported = administrator.get(reverse("frontend_api_images:report")).content.decode()
    assert "it has more than 0.1 megapixels" in reported
    assert reverse("wagtailimages:edit", args=[image.pk]) in reported
    # With a larger limit it is there again.
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 160_000
    make_renditions()
    assert client.get(f"/api/v2/pages/{page.pk}/").json()["image"]["sources"]
    reported = administrator.get(reverse("frontend_api_images:report")).content.decode()
    assert "Readers see all of your images." in reported


def test_the_report_says_what_else_readers_do_not_see(
    administrator: Client, editor: Client
) -> None:
    gone, cut_off = (
        factories.ImageFactory(file=ContentFile(noise("JPEG"), name="a.jpg")) for _ in range(2)
    )
    remove(Path(gone.file.path))
    cut(Path(cut_off.file.path))
    ImageFile.objects.all().delete()
    make_renditions()
    reported = administrator.get(reverse("frontend_api_images:report")).content.decode()
    assert "its file is not there" in reported
    assert "its file is damaged" in reported
    exported = administrator.get(reverse("frontend_api_images:report"), {"export": "csv"})
    assert exported.status_code == 200
    assert editor.get(reverse("frontend_api_images:report")).status_code == 200


def remove(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3000])


def swap(path: Path) -> None:
    path.write_text("no picture")


@pytest.mark.parametrize("damage", [remove, cut, swap])
def test_a_file_that_was_damaged_since_leaves_the_admin_as_it_is(
    administrator: Client, damage: Callable[[Path], None]
) -> None:
    image = factories.ImageFactory(file=ContentFile(noise("JPEG"), name="a.jpg"))
    page = factories.ContentPageFactory(image=image, body=[shown_in_text(image)])
    damage(Path(image.file.path))
    for address in (
        reverse("wagtailimages:index"),
        f"{reverse('wagtailimages:index')}?layout=list",
        reverse("wagtailimages:edit", args=[image.pk]),
        reverse("wagtailimages:image_usage", args=[image.pk]),
        reverse("wagtailimages:delete", args=[image.pk]),
        reverse("wagtailimages_chooser:choose"),
        reverse("wagtailimages_chooser:chosen", args=[image.pk]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_home"),
    ):
        assert administrator.get(address).status_code == 200, address
    chosen = administrator.post(
        reverse("wagtailimages_chooser:select_format", args=[image.pk]),
        {"format": "left", "image_is_decorative": "on"},
    )
    assert chosen.status_code == 200
    # What is left of it can be given another name, and a file.
    sent = {"title": "Another", "collection": 1, "tags": ""}
    address = reverse("wagtailimages:edit", args=[image.pk])
    assert administrator.post(address, sent).status_code == 302
    whole = SimpleUploadedFile("b.jpg", noise("JPEG"))
    assert administrator.post(address, {**sent, "file": whole}).status_code == 302
    assert factories.file_of(CmsImage.objects.get(pk=image.pk)).kind == OPAQUE


def shown_in_text(image: CmsImage) -> dict[str, Any]:
    """Return a block of rich text that shows an image."""
    text = f'<p>x</p><embed embedtype="image" id="{image.pk}" format="left" alt="x"/>'
    return {"type": "rich_text", "value": text}


def test_a_damaged_picture_of_oneself_is_an_error_of_the_form(administrator: Client) -> None:
    address = reverse("wagtailadmin_account")
    form = {
        field["name"]: field.get("value", "")
        for field in soup(administrator.get(address)).select("form input[name]")
        if field.get("type") not in {"file", "checkbox", "password"}
    }
    broken = SimpleUploadedFile("x.png", noise("PNG")[:1500])
    response = administrator.post(address, {**form, "avatar-avatar": broken})
    assert response.status_code in {200, 302}
    assert administrator.get(reverse("wagtailadmin_home")).status_code == 200


def test_what_is_read_of_a_file_leaves_it_as_it_was(administrator: Client) -> None:
    content = noise("PNG")
    told = upload(administrator, "a.png", content)
    image = CmsImage.objects.get(pk=told["image_id"])
    assert Path(image.file.path).read_bytes() == content
    assert Image.open(BytesIO(content)).size == (image.width, image.height)


@pytest.mark.parametrize(
    "address",
    [
        "wagtaildocs:add",
        "wagtaildocs:add_multiple",
        "wagtaildocs_chooser:choose",
        "wagtailimages:add",
        "wagtailimages:add_multiple",
        "wagtailimages_chooser:choose",
    ],
)
def test_who_uploads_is_told_that_it_is_public(editor: Client, address: str) -> None:
    """In the form, where several are uploaded at once, and in the window of a chooser."""
    response = editor.get(reverse(address))
    assert response.status_code == 200
    assert str(PUBLIC_AT_ONCE) in response.content.decode()
