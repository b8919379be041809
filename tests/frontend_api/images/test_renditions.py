"""Renditions are made before anybody reads: when a page is published, and when an image or a snippet changes."""

import logging
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image as PillowImage
from wagtail.models import Collection, Page, Site

from cms.models import CmsImage, CmsRendition
from frontend_api.images.files import AS_IT_IS, BROKEN, OPAQUE, TRANSPARENT
from tests import factories, previews
from tests.configure import configure
from tests.frontend_api.conftest import Get, make_renditions
from tests.frontend_api.serialization.test_images import SMALL_USES, image_block, picture, widths

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Capture = Callable[..., Any]


@pytest.fixture(autouse=True)
def small_uses(settings: Any) -> None:
    """Keep the pictures small."""
    configure(settings, IMAGE_USES=SMALL_USES)


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Capture) -> Callable[[], Any]:
    """Return what runs, at its end, all that waits for the transaction."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def specs(image: CmsImage) -> set[str]:
    """Return the names of the renditions of an image, without their formats."""
    return {rendition.filter_spec.split("|")[0] for rendition in image.renditions.all()}


def files(image: CmsImage) -> set[str]:
    """Return the paths of the renditions of an image."""
    return {rendition.file.path for rendition in image.renditions.all()}


def from_bytes(content: bytes, name: str, **fields: Any) -> CmsImage:
    """Return an image with this file."""
    return factories.ImageFactory(file=ContentFile(content, name=name), **fields)


def test_publishing_makes_what_readers_will_be_shown(get: Get, commit: Any) -> None:
    image = picture(100, 50)
    page = factories.ContentPageFactory(image=image, body=[image_block(image)], live=False)
    assert specs(image) == set()
    with commit():
        page.save_revision().publish()
    assert specs(image) == {
        "fill-40x20",
        "fill-80x40",
        "fill-20x13",
        "fill-40x27",
        "width-30",
        "width-60",
        "fill-1200x630",
    }
    count = CmsRendition.objects.count()
    for parameters in ({}, {"fields": "*"}):
        for item in get("pages/", **parameters)["items"]:
            if item["id"] == page.pk:
                assert set(widths(item["image"])) == {"image/avif", "image/webp", "image/jpeg"}
    assert make_renditions() == "Made 0 renditions.\n"
    assert CmsRendition.objects.count() == count


def test_nothing_is_made_before_the_transaction_is_over(commit: Any) -> None:
    image = picture(100, 50)
    with commit():
        factories.ContentPageFactory(image=image, live=False).save_revision().publish()
        assert specs(image) == set()


def test_what_is_there_is_not_made_again(commit: Any) -> None:
    image = picture(100, 50)
    page = factories.ContentPageFactory(image=image)
    make_renditions()
    before = set(image.renditions.values_list("pk", flat=True))
    with commit():
        page.save_revision().publish()
        image.title = "Another"
        image.save()
    assert set(image.renditions.values_list("pk", flat=True)) == before


def test_another_focal_point_makes_the_crops_anew(get: Get, commit: Any) -> None:
    image = picture(100, 100)
    page = factories.ContentPageFactory(image=image, body=[image_block(image)])
    make_renditions()
    old_files, whole = files(image), image.renditions.filter(filter_spec__startswith="width")
    kept, old = set(whole.values_list("pk", flat=True)), get(f"pages/{page.pk}/")["image"]
    with commit():
        image.focal_point_x, image.focal_point_y = 50, 10
        image.focal_point_width = image.focal_point_height = 10
        image.save()
        # In the meantime nobody is shown what the editor no longer wants.
        assert get(f"pages/{page.pk}/")["image"]["sources"] == []
    new = get(f"pages/{page.pk}/")["image"]
    assert widths(new) == widths(old)
    assert new["src"] != old["src"]
    assert new["focal_point"] == {"x": 0.5, "y": 0.1}
    # What is not cropped is as good as before.
    assert set(whole.values_list("pk", flat=True)) == kept
    gone = old_files - files(image)
    assert len(gone) == 13
    # A cache may still name the old ones; see `test_retired`.
    assert all(Path(path).exists() for path in gone)
    assert all(Path(path).exists() for path in files(image))


def test_another_file_makes_all_anew(get: Get, commit: Any) -> None:
    image = picture(100, 50)
    page = factories.ContentPageFactory(image=image)
    make_renditions()
    old_files, placeholder = files(image), factories.file_of(image).placeholder
    with commit():
        red = factories.encoded(PillowImage.new("RGB", (60, 60), "red"))
        image.file = ContentFile(red, name="red.png")
        image.save()
    assert factories.file_of(image).placeholder != placeholder
    assert not old_files & files(image)
    shown = get(f"pages/{page.pk}/")["image"]
    assert widths(shown)["image/jpeg"] == [40]
    assert "red" in shown["src"]


def test_a_partner_has_its_logo_once_it_is_saved(get: Get, commit: Any) -> None:
    image = picture(100, 20)
    with commit():
        partner = factories.PartnerFactory(logo=image)
    assert specs(image) == {"width-10"}
    page = factories.ProgrammePageFactory(partners=[partner])
    logo = get(f"pages/{page.pk}/")["partners"][0]["logo"]
    # Whole, never cropped.
    assert (logo["width"], logo["height"]) == (10, 2)


def test_an_image_that_nothing_names_costs_nothing(commit: Any) -> None:
    with commit():
        image = picture(100, 50)
    make_renditions()
    assert not image.renditions.exists()
    assert str(factories.file_of(image).placeholder).startswith("data:image/webp;base64,")


def test_the_command_makes_what_a_changed_setting_asks_for(get: Get, settings: Any) -> None:
    image = picture(100, 50)
    page = factories.ContentPageFactory(image=image)
    assert make_renditions() == "Made 13 renditions.\n"
    configure(settings, IMAGE_USES={**SMALL_USES, "hero": {"ratio": (2, 1), "widths": (40, 60)}})
    assert make_renditions() == "Made 3 renditions.\n"
    assert widths(get(f"pages/{page.pk}/")["image"])["image/avif"] == [40, 60]


def test_the_command_needs_no_site() -> None:
    Site.objects.all().delete()
    factories.PartnerFactory(logo=picture(100, 50))
    assert make_renditions() == "Made 0 renditions.\n"


def test_a_page_outside_of_every_site_is_published_all_the_same(commit: Any) -> None:
    other = Page.get_first_root_node().add_child(instance=Page(title="Other", slug="other"))
    image = picture(100, 50)
    page = factories.ContentPageFactory(parent=other, image=image, live=False)
    with commit():
        page.save_revision().publish()
    page.refresh_from_db()
    assert page.live
    assert specs(image) == set()


def test_images_of_private_collections_get_none(get: Get, commit: Any) -> None:
    private = Collection.get_first_root_node().add_child(name="Private")
    private.view_restrictions.create(restriction_type="login")
    image = picture(100, 50, collection=private)
    page = factories.ContentPageFactory(image=image, live=False)
    with commit():
        page.save_revision().publish()
    assert get(f"pages/{page.pk}/")["image"] is None
    assert not image.renditions.exists()
    with commit():
        image.collection = Collection.get_first_root_node()
        image.save()
    assert widths(get(f"pages/{page.pk}/")["image"])["image/webp"] == [40, 80]


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def truncate(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def other_content(path: Path) -> None:
    path.write_text("This is no picture.")


def noise() -> bytes:
    """Return a JPEG that has a second half to lose."""
    return factories.encoded(PillowImage.effect_noise((100, 80), 90), "JPEG")


@pytest.mark.parametrize("damage", [delete, empty, truncate, other_content])
def test_a_broken_file_is_null_and_a_warning(
    get: Get, commit: Any, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], None]
) -> None:
    image, good = from_bytes(noise(), "noise.jpg"), picture(100, 50)
    text = f'<p>x</p><embed embedtype="image" id="{image.pk}" format="left" alt="x"/>'
    page = factories.ContentPageFactory(
        live=False,
        image=image,
        body=[image_block(image), image_block(good), {"type": "rich_text", "value": text}],
    )
    path = Path(image.file.path)
    content = path.read_bytes()
    damage(path)
    with caplog.at_level(logging.WARNING), commit():
        page.save_revision().publish()
    assert f"Image {image.pk} ({image.file.name}) cannot be read" in caplog.text
    page.refresh_from_db()
    assert page.live
    caplog.clear()
    with caplog.at_level(logging.WARNING, "frontend_api.images"):
        shown = get(f"pages/{page.pk}/")
    assert f"Image {image.pk} ({image.file.name}) is missing or broken" in caplog.text
    assert shown["image"] is None
    assert shown["body"][0]["value"]["image"] is None
    assert widths(shown["body"][1]["value"]["image"])["image/jpeg"] == [30, 60]
    assert shown["body"][2]["value"] == "<p>x</p>"
    assert [item["id"] for item in get("images/")["items"]] == [good.pk]
    assert get("images/")["meta"]["total_count"] == 1
    get(f"images/{image.pk}/", expect=404)
    stored = factories.file_of(image)
    assert (stored.kind, stored.placeholder) == (BROKEN, None)

    # Put back, it is shown again once the page is published anew or the command runs.
    path.write_bytes(content)
    make_renditions()
    assert widths(get(f"pages/{page.pk}/")["image"])["image/webp"] == [40, 80]


def shades(mode: str) -> PillowImage.Image:
    """Return a picture of a mode that is out of the ordinary, dark on the left and bright on the right."""
    grey = PillowImage.linear_gradient("L").rotate(90).resize((100, 50))
    match mode:
        case "I;16" | "I;16B":
            wide = PillowImage.new("I", grey.size)
            wide.putdata([shade * 257 for shade in grey.get_flattened_data()])
            return wide.convert("I;16") if mode == "I;16" else wide.convert("I;16B")
        case "I" | "F":
            wide = PillowImage.new(mode, grey.size)
            wide.putdata([shade * 3 - 100 for shade in grey.get_flattened_data()])
            return wide
        case "fractions":
            wide = PillowImage.new("F", grey.size)
            wide.putdata([shade / 255 for shade in grey.get_flattened_data()])
            return wide
        case "LAB":
            return PillowImage.merge("LAB", (grey, *(PillowImage.new("L", grey.size, 0),) * 2))
        case _:
            return grey.convert("RGB").convert(mode)


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("I;16", "PNG"),
        ("I;16", "TIFF"),
        ("I;16B", "TIFF"),
        ("I", "TIFF"),
        ("F", "TIFF"),
        ("fractions", "TIFF"),
        ("CMYK", "TIFF"),
        ("CMYK", "JPEG"),
        ("LAB", "TIFF"),
        ("YCbCr", "TIFF"),
        ("1", "PNG"),
        ("1", "TIFF"),
        ("L", "PNG"),
        ("P", "PNG"),
    ],
)
def test_a_picture_of_any_mode_is_shown_in_every_format(
    get: Get, commit: Any, caplog: pytest.LogCaptureFixture, mode: str, form: str
) -> None:
    content = factories.encoded(shades(mode), form)
    image = from_bytes(content, f"scan.{form.lower()}")
    assert (factories.file_of(image).kind, image.width, image.height) == (OPAQUE, 100, 50)
    with commit():
        page = factories.ContentPageFactory(image=image)
        page.save_revision().publish()
    assert caplog.text == ""
    shown = get(f"pages/{page.pk}/")["image"]
    assert set(widths(shown)) == {"image/avif", "image/webp", "image/jpeg"}
    for rendition in image.renditions.all():
        with rendition.file.open() as file, PillowImage.open(file) as made:
            grey = made.convert("L")
            left, right = grey.getpixel((1, 5)), grey.getpixel((grey.width - 2, 5))
            assert left < 90 < 160 < right, (rendition.filter_spec, left, right)


def test_a_photograph_on_its_side_in_another_mode_is_turned(get: Get) -> None:
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    image = from_bytes(factories.encoded(shades("CMYK"), "JPEG", exif=exif), "side.jpg")
    page = factories.ContentPageFactory(body=[image_block(image)])
    make_renditions()
    shown = get(f"pages/{page.pk}/")["body"][0]["value"]["image"]
    assert shown["height"] == 2 * shown["width"]


def test_what_cannot_be_made_of_one_image_stops_no_other(
    get: Get, commit: Any, caplog: pytest.LogCaptureFixture
) -> None:
    # WebP ends at 16,383 pixels.
    images = [picture(30, 17_000) if number % 2 else picture(100, 50) for number in range(6)]
    with commit():
        page = factories.ContentPageFactory(body=[image_block(image) for image in images])
        page.save_revision().publish()
    for image, block in zip(images, get(f"pages/{page.pk}/")["body"], strict=True):
        is_tall = image.height > 16_383
        formats = {"image/avif", "image/jpeg"} | (set() if is_tall else {"image/webp"})
        assert set(widths(block["value"]["image"])) == formats
        assert (
            f"Image {image.pk} ({image.file.name}) cannot be made into" in caplog.text
        ) == is_tall
    # The command tries again, and goes on likewise.
    factories.ContentPageFactory(image=picture(100, 50))
    assert make_renditions() == "Made 13 renditions.\n"


@pytest.mark.parametrize("damage", [delete, empty])
def test_a_file_that_is_gone_before_anything_was_made_is_null(
    get: Get, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], None]
) -> None:
    image = picture(100, 50)
    page = factories.ContentPageFactory(image=image)
    damage(Path(image.file.path))
    with caplog.at_level(logging.WARNING, "frontend_api.images"):
        assert get(f"pages/{page.pk}/")["image"] is None
    assert "missing or broken" in caplog.text


def test_what_cannot_be_stored_does_not_make_an_image_a_broken_one(settings: Any) -> None:
    image = picture(100, 50)
    factories.ContentPageFactory(image=image)
    folder = Path(settings.MEDIA_ROOT) / "images"
    kept = folder.with_name("images-kept")
    folder.mkdir(exist_ok=True)
    folder.rename(kept)
    folder.write_text("A file where the folder should be.")
    try:
        with pytest.raises(OSError, match="images"):
            make_renditions()
    finally:
        folder.unlink()
        kept.rename(folder)
    assert factories.file_of(image).kind == OPAQUE
    assert make_renditions() == "Made 13 renditions.\n"


def see_through(mode: str = "RGBA") -> PillowImage.Image:
    """Return a picture with a hole in it."""
    drawn = PillowImage.new("RGBA", (100, 50), "red")
    drawn.paste((0, 0, 0, 0), (20, 20, 60, 40))
    return drawn.convert(mode)


@pytest.mark.parametrize(
    ("content", "name", "kind", "fallback"),
    [
        (factories.encoded(see_through()), "a.png", TRANSPARENT, "image/png"),
        (factories.encoded(see_through("LA")), "b.png", TRANSPARENT, "image/png"),
        (factories.encoded(see_through(), "WEBP"), "c.webp", TRANSPARENT, "image/png"),
        (factories.encoded(see_through(), "GIF"), "d.gif", TRANSPARENT, "image/png"),
        # It could be seen through, and cannot be anywhere.
        (
            factories.encoded(PillowImage.new("RGBA", (100, 50), "red")),
            "e.png",
            OPAQUE,
            "image/jpeg",
        ),
        (noise(), "f.jpg", OPAQUE, "image/jpeg"),
    ],
)
def test_what_one_can_see_through_falls_back_to_png(
    get: Get, content: bytes, name: str, kind: str, fallback: str
) -> None:
    image = from_bytes(content, name)
    page = factories.ContentPageFactory(image=image)
    make_renditions()
    shown = get(f"pages/{page.pk}/")["image"]
    assert factories.file_of(image).kind == kind
    assert list(widths(shown)) == ["image/avif", "image/webp", fallback]
    fallbacks = shown["sources"][-1]["srcset"]
    assert shown["src"] == fallbacks[-1]["url"]
    smallest = image.renditions.get(filter_spec__contains="40x20|format-" + fallback[6:])
    with smallest.file.open() as file:
        shows_through = PillowImage.open(file).mode in ("RGBA", "LA", "PA")
    assert shows_through == (kind == TRANSPARENT)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'


def animation() -> bytes:
    """Return a GIF of two frames."""
    frames = [PillowImage.new("RGB", (40, 20), colour) for colour in ("red", "blue")]
    return factories.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(("content", "name"), [(SVG, "drawing.svg"), (animation(), "film.gif")])
def test_a_drawing_and_an_animation_are_shown_as_they_are(
    get: Get, commit: Any, content: bytes, name: str
) -> None:
    image = from_bytes(content, name)
    page = factories.ContentPageFactory(image=image, live=False)
    with commit():
        page.save_revision().publish()
    assert factories.file_of(image).kind == AS_IT_IS
    shown = get(f"pages/{page.pk}/")["image"]
    assert shown["sources"] == []
    assert shown["src"] == f"http://localhost:8000{image.file.url}"
    assert (shown["width"], shown["height"]) == (40, 20)
    assert (shown["placeholder"] is None) == name.endswith("svg")
    assert not image.renditions.exists()


def test_a_placeholder_is_a_very_small_picture_of_the_whole() -> None:
    import base64

    for size, wanted in {(100, 50): (16, 8), (10, 900): (16, 64), (900, 10): (16, 1)}.items():
        placeholder = factories.file_of(picture(*size)).placeholder or ""
        content = base64.b64decode(placeholder.removeprefix("data:image/webp;base64,"))
        with PillowImage.open(BytesIO(content)) as small:
            assert (small.format, small.size) == ("WEBP", wanted)
        assert len(placeholder) < 400


def test_a_photograph_on_its_side_is_turned(get: Get) -> None:
    """Cameras store how they were held; renditions stand upright, and are as wide as they say."""
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    sideways = PillowImage.new("RGB", (100, 50), "red")
    image = from_bytes(factories.encoded(sideways, "JPEG", exif=exif), "photo.jpg")
    page = factories.ContentPageFactory(body=[image_block(image)])
    make_renditions()
    shown = get(f"pages/{page.pk}/")["body"][0]["value"]["image"]
    assert shown["height"] == 2 * shown["width"]
    assert max(widths(shown)["image/jpeg"]) <= 50
    assert make_renditions() == "Made 0 renditions.\n"


def test_a_preview_has_the_pictures_of_an_unsaved_draft(client: Client, commit: Any) -> None:
    """The editor sees the crop that readers will see."""
    image = picture(100, 50)
    page = factories.ContentPageFactory()
    page.image = image
    token = previews.token_for(page)
    parameters = {"content_type": "cms.contentpage", "token": token}
    with commit():
        client.get("/api/v2/preview/", parameters)
    shown = client.get("/api/v2/preview/", parameters).json()["image"]
    assert widths(shown) == {
        "image/avif": [40, 80],
        "image/webp": [40, 80],
        "image/jpeg": [40, 80],
    }
    page.save_revision().publish()
    assert client.get(f"/api/v2/pages/{page.pk}/").json()["image"] == shown
