"""Pictures of the reference frontend, as a browser draws them."""

import base64
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests import factories

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.once


def data_address(width: int, height: int) -> str:
    encoded = factories.encoded(Image.new("RGB", (width, height), "#246"), "JPEG")
    return f"data:image/jpeg;base64,{base64.b64encode(encoded).decode()}"


def logo(width: int, height: int) -> dict[str, Any]:
    """Return a logo as the API gives it."""
    src = data_address(width, height)
    return {
        "src": src,
        "alt": "A partner",
        "width": width,
        "height": height,
        "sources": [{"type": "image/jpeg", "srcset": [{"url": src, "width": width}]}],
        "placeholder": data_address(16, 16),
    }


@pytest.mark.parametrize(("width", "height"), [(64, 64), (40, 160), (400, 60), (8, 8)])
@pytest.mark.parametrize("window", [375, 1280])
def test_a_placeholder_is_as_large_as_the_logo_before_it(
    chromium: "Browser", width: int, height: int, window: int
) -> None:
    # The website is found once the fixtures of this folder are there.
    from website import drawing

    cards = drawing.templates.env.get_template("cards.html").module
    style = (drawing.HERE / "static" / "site.css").read_text()
    picture = cards.picture(logo(width, height), "11rem")
    page = chromium.new_page(viewport={"width": window, "height": 800})
    page.set_content(
        f'<style>{style}</style><ul class="partners"><li><div class="logo">{picture}</div>'
        "<div><h3>A partner</h3></div></li></ul>"
    )
    page.wait_for_function("[...document.images].every(image => image.complete)")
    behind = page.locator(".placeholder").bounding_box()
    before = page.locator("picture img").bounding_box()
    assert behind == before
    page.close()
