"""Whatever cameras, phones and scanners write is stored upright, in common colours, and without metadata."""

from typing import Any

import pytest
from hypothesis import given, settings
from PIL import Image

from frontend_api.images.colours import COMMON
from frontend_api.images.files import (
    AS_IT_IS,
    OPAQUE,
    TRANSPARENT,
    TooManyPixelsError,
    UnreadableFileError,
    examine,
)
from tests import factories

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
    shown,
    tells,
)

pytestmark = pytest.mark.once


def hold(content: bytes) -> None:
    """Hold what is made of a file to all that is promised of it."""
    examined = examine(content, to_the_end=True)
    assert examined.kind in {OPAQUE, TRANSPARENT}
    picture = opened(examined.content)
    assert picture.size == (WIDTH, HEIGHT)
    assert picture.mode in COMMON
    assert is_shown(picture)
    assert tells(examined.content) == set()
    # What is in order stays as it is, byte by byte.
    again = examine(examined.content)
    assert (again.content, again.kind) == (examined.content, examined.kind)


@settings(deadline=None, max_examples=80)
@given(photographs)
def test_any_photograph_is_stored_upright_and_says_nothing_but_the_picture(
    photo: dict[str, Any],
) -> None:
    hold(photograph(**photo))


@pytest.mark.parametrize("orientation", sorted(TURNED))
@pytest.mark.parametrize("form", ["JPEG", "MPO", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_however_a_camera_was_held_the_picture_is_upright(form: str, orientation: int) -> None:
    hold(photograph(form, "RGB", orientation))


@pytest.mark.parametrize(("form", "mode"), [(form, mode) for form in MODES for mode in MODES[form]])
def test_every_mode_that_a_format_has_is_taken(form: str, mode: str) -> None:
    hold(photograph(form, mode))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_is_in_order_already_is_stored_as_it_came(form: str) -> None:
    content = photograph(form, "P" if form == "GIF" else "RGB", told=False)
    assert examine(content).content == content


@pytest.mark.parametrize("mode", ["RGB+colour", "L+colour", "I;16+colour"])
def test_a_colour_that_is_not_seen_becomes_transparency(mode: str) -> None:
    picture = shown(mode)
    hole = {"RGB": (255, 0, 0), "L": 128, "I;16": 0x4040}[picture.mode]
    picture.paste(hole, (40, 25, 50, 35))
    see_through = factories.encoded(picture, "PNG", transparency=hole)
    examined = examine(see_through)
    assert examined.kind == TRANSPARENT
    alpha = opened(examined.content).convert("RGBA").getchannel("A")
    assert (alpha.getpixel((45, 30)), alpha.getpixel((5, 5))) == (0, 255)


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "AVIF"])
def test_an_animation_moves_on_and_says_nothing(form: str) -> None:
    frames = [Image.effect_noise((WIDTH, HEIGHT), 40 + n).convert("RGB") for n in range(3)]
    told: dict[str, Any] = {"comment": SECRET} if form == "GIF" else {"exif": exif().tobytes()}
    content = factories.encoded(
        frames[0], form, save_all=True, append_images=frames[1:], duration=[80, 120, 160], **told
    )
    examined = examine(content, to_the_end=True)
    assert examined.kind == AS_IT_IS
    picture: Any = opened(examined.content)
    assert picture.n_frames == 3
    assert SECRET not in examined.content
    assert tells(examined.content) == {"frames"}
    picture.seek(1)
    picture.load()
    assert picture.info["duration"] == 120
    assert examine(examined.content).content == examined.content


DRAWING = b"""<?xml version="1.0"?>
<!-- at home --><?xml-stylesheet href="http://evil.example/x.css"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 60 40" onload="alert(1)"
  xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" sodipodi:docname="at home">
<metadata><x>at home</x></metadata><script>alert(1)</script><style>.a{fill:#123}</style>
<rect class="a" width="30" height="20" onclick="alert(1)"/><image href="https://evil.example/track.png"/>
<a xlink:href="javascript:alert(1)"><text x="5" y="30">Words</text></a>
<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://evil.example/"/></foreignObject>
<use href="https://evil.example/x.svg#a"/><set attributeName="href" to="javascript:alert(1)"/></svg>"""


def test_a_drawing_keeps_its_shapes_and_nothing_that_runs_loads_or_tells() -> None:
    examined = examine(DRAWING)
    text = examined.content.decode()
    assert examined.kind == AS_IT_IS
    assert 'width="30"' in text
    assert "Words" in text
    does = ("<script", "attributeName", 'href="javascript', "onload", "onclick", "foreignObject")
    for gone in (*does, "evil", "at home", "<!--"):
        assert gone not in text, gone
    assert examine(examined.content).content == examined.content


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>no drawing</body></html>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 9_000 + b"</g>" * 9_000 + b"</svg>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><rect',
        b"",
        b"\xff\xd8\xff\xe1\x00",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00",
        b"RIFF\x00\x00\x00\x00WEBPVP8X",
        b"GIF89a\x01\x00",
    ],
)
def test_what_is_no_picture_or_no_whole_one_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        examine(content)


@pytest.mark.parametrize("form", sorted(EXTENSIONS))
def test_a_file_cut_anywhere_is_unreadable_or_in_order(form: str) -> None:
    content = photograph(form, MODES[form][0])
    for end in range(0, len(content), max(1, len(content) // 23)):
        try:
            examined = examine(content[:end], to_the_end=True)
        except UnreadableFileError:
            continue
        assert SECRET not in examined.content


def test_a_picture_that_is_too_large_is_told_before_it_is_decoded(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = WIDTH * HEIGHT - 1

    def load(picture: Image.Image) -> None:
        raise AssertionError("It is decoded.")

    with monkeypatch.context() as patch:
        patch.setattr("PIL.ImageFile.ImageFile.load", load)
        for form in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"):
            with pytest.raises(TooManyPixelsError):
                examine(photograph(form, MODES[form][0]))
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = None
    assert examine(photograph("JPEG")).kind == OPAQUE
