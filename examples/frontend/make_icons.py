"""Draws the icons of the website that are no SVG, from the same shapes as `website/static/favicon.svg`.

Run it after that file has changed: `python examples/frontend/make_icons.py`. It needs Pillow.
"""

from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).parent / "website" / "static"
GREEN, WHITE = "#0b5d5b", "#ffffff"
# The drawing is 32 units wide: the two posts and the bar of the H, each as left, top, right, bottom.
UNITS = 32
STROKES = [(7.25, 7, 10.75, 25), (21.25, 7, 24.75, 25), (9, 14.25, 23, 17.75)]
CORNER = 6
# Drawn larger and made smaller, so that edges are smooth.
FINER = 8


def drawn(size: int, corner: float) -> Image.Image:
    """Return the icon, `size` pixels wide; `corner` is the radius of its corners, in units."""
    scale = size * FINER / UNITS
    picture = Image.new("RGBA", (size * FINER, size * FINER))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle(
        (0, 0, size * FINER - 1, size * FINER - 1), radius=corner * scale, fill=GREEN
    )
    for stroke in STROKES:
        draw.rectangle([edge * scale for edge in stroke], fill=WHITE)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    drawn(32, CORNER).save(STATIC / "favicon.ico", sizes=[(16, 16), (32, 32)])
    # Phones round its corners themselves, and show what is transparent as black.
    drawn(180, 0).convert("RGB").save(STATIC / "apple-touch-icon.png", optimize=True)
