"""A large picture is read and encoded in a process of its own, one at a time, with a bound on its memory."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from frontend_api.images import apart, files, one_at_a_time
from frontend_api.images.examination import examine_image
from frontend_api.images.models import ImageFile
from frontend_api.images.pictures import PICTURES
from frontend_api.images.problems import problem_of
from frontend_api.images.renditions import make_missing
from frontend_api.visibility.perspective import Perspective
from tests import factories
from tests.configure import configure

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def stored(width: int, height: int) -> Any:
    """Return a picture of this size that has no renditions yet."""
    content = factories.encoded(Image.new("RGB", (width, height), "navy"), "JPEG")
    image = factories.ImageFactory(file=ContentFile(content, name="navy.jpg"))
    examine_image(image)
    image.renditions.all().delete()
    return image


def make(image: Any) -> int:
    """Make the renditions of a picture, and return how many were made."""
    perspective = Perspective(factories.home().get_site())
    return make_missing(PICTURES(perspective, {(image.pk, "teaser")}).values())


def shown(image: Any) -> dict[str, tuple[str | None, tuple[int, int]]]:
    """Return format and size of each rendition, by its spec."""
    found = {}
    for rendition in image.renditions.all():
        with rendition.file.open("rb") as file, Image.open(BytesIO(file.read())) as picture:
            found[rendition.filter_spec] = picture.format, picture.size
    return found


def test_a_large_picture_gets_what_any_other_does(monkeypatch: pytest.MonkeyPatch) -> None:
    image = stored(900, 600)
    count = make(image)
    here = shown(image)
    assert count == len(here) > 1
    image.renditions.all().delete()
    monkeypatch.setattr(apart, "LARGE", 100)
    assert make(image) == count
    assert shown(image) == here


def test_one_that_takes_too_much_memory_is_told_to_its_editor(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(apart, "LARGE", 100)
    configure(settings, IMAGE_MEMORY=8)
    image = stored(4_000, 2_500)
    assert make(image) == 0
    assert ImageFile.objects.get(image_key=str(image.pk)).problem == "too_much_memory"
    assert problem_of(image).startswith("Readers do not see this image: it takes more memory than")


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_what_is_large_is_read_as_anything_else(
    format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One is in order as it is, the other becomes a PNG.
    exif = Image.Exif()
    exif[0x0112] = 1
    content = factories.encoded(Image.effect_noise((90, 60), 60), format, exif=exif)
    here = files.examine(content)
    monkeypatch.setattr(apart, "LARGE", 100)
    monkeypatch.setattr(apart, "examine", None)
    assert apart.examined(content) == here


def test_what_cannot_be_read_is_told_in_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    content = factories.encoded(Image.effect_noise((90, 60), 60), "JPEG")
    monkeypatch.setattr(apart, "LARGE", 100)
    with pytest.raises(files.UnreadableFileError) as caught:
        apart.examined(content[: len(content) // 2])
    assert caught.value.problem == files.DAMAGED


def test_nobody_else_can_lead_the_lock_astray_or_hold_up_the_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    one_at_a_time.lock_file("encoding").symlink_to(tmp_path / "elsewhere")
    # This process still keeps to one.
    with (
        one_at_a_time.one_at_a_time("encoding", 0),
        pytest.raises(TimeoutError),
        one_at_a_time.one_at_a_time("encoding", 0.01),
    ):
        pass
    assert "symbolic" in caplog.text
    assert not (tmp_path / "elsewhere").exists()
