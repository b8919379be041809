"""Pictures for the demo site, drawn rather than borrowed: landscapes of a few colours, and wordmarks."""

import random
from io import BytesIO
from itertools import pairwise

from django.core.files.images import ImageFile
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Colour = tuple[int, int, int]

PALETTES: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((244, 226, 205), (210, 132, 94), (72, 48, 62)),
    ((219, 234, 232), (96, 150, 146), (16, 66, 70)),
    ((235, 232, 222), (150, 160, 128), (52, 68, 56)),
    ((224, 230, 240), (122, 146, 184), (36, 50, 86)),
    ((248, 236, 214), (222, 172, 92), (96, 62, 40)),
)

WIDTH, HEIGHT = 1600, 1000


def landscape(seed: int) -> ImageFile:
    """Return a landscape of hills under a low sun, always the same one for a seed."""
    chance = random.Random(seed)
    sky, light, dark = PALETTES[seed % len(PALETTES)]
    picture = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    canvas = Image.composite(
        Image.new("RGB", (WIDTH, HEIGHT), _between(sky, light, 0.45)),
        Image.new("RGB", (WIDTH, HEIGHT), sky),
        picture,
    )
    draw = ImageDraw.Draw(canvas)
    sun, radius = (chance.randint(300, 1300), chance.randint(240, 400)), chance.randint(70, 120)
    draw.ellipse(
        (sun[0] - radius, sun[1] - radius, sun[0] + radius, sun[1] + radius),
        fill=_between(sky, (255,) * 3, 0.6),
    )
    canvas = canvas.filter(ImageFilter.GaussianBlur(6))
    draw = ImageDraw.Draw(canvas)
    for layer in range(5):
        base, height = 430 + layer * 120, chance.randint(60, 150)
        points = _ridge(chance, base, height)
        draw.polygon([*points, (WIDTH, HEIGHT), (0, HEIGHT)], fill=_between(light, dark, layer / 4))
    return _file(canvas, f"landscape-{seed}.jpg", "JPEG", quality=82, optimize=True)


def wordmark(text: str, colour: Colour) -> ImageFile:
    """Return a partner's name as its logo."""
    font = ImageFont.load_default(120)
    left, top, right, bottom = font.getbbox(text)
    canvas = Image.new("RGB", (int(right - left) + 160, int(bottom - top) + 140), (255, 255, 255))
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((0, 0, 24, canvas.height), fill=colour)
    draw.text((90 - left, 70 - top), text, font=font, fill=colour)
    return _file(canvas, f"{text.lower().replace(' ', '-')}.png", "PNG", optimize=True)


def report() -> bytes:
    """Return a one-page PDF."""
    page = Image.new("RGB", (1240, 1754), (255, 255, 255))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 1240, 420), fill=PALETTES[1][2])
    draw.text(
        (120, 160), "Programmes in figures", font=ImageFont.load_default(72), fill=(255, 255, 255)
    )
    draw.text((120, 520), "HDF", font=ImageFont.load_default(40), fill=PALETTES[1][2])
    buffer = BytesIO()
    page.save(buffer, "PDF")
    return buffer.getvalue()


def _ridge(chance: random.Random, base: int, height: int) -> list[tuple[int, int]]:
    """Return the line of a hill, halved again and again with ever smaller offsets."""
    heights = [float(chance.randint(-height, height)) for _ in range(3)]
    offset = height * 0.7
    while len(heights) < 200:
        between = [(a + b) / 2 + chance.uniform(-offset, offset) for a, b in pairwise(heights)]
        heights = [value for pair in zip(heights, [*between, 0.0], strict=True) for value in pair][
            :-1
        ]
        offset *= 0.5
    step = WIDTH / (len(heights) - 1)
    return [(round(index * step), round(base + value)) for index, value in enumerate(heights)]


def _between(first: tuple[int, ...], second: tuple[int, ...], share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _file(canvas: Image.Image, name: str, form: str, **options: object) -> ImageFile:
    buffer = BytesIO()
    canvas.save(buffer, form, **options)
    buffer.seek(0)
    return ImageFile(buffer, name=name)
