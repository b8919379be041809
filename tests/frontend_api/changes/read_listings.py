"""Addresses of listings in every form: whole pages, parts by a cursor, facets, ranges, and what is not a page."""

from random import Random

from django.test import RequestFactory
from django.urls import resolve

from cms.models import Theme
from programmes.models import Partner

ROOT = "/api/v2/"


def addresses(random: Random, theme: str) -> list[str]:
    """Return some addresses, of which `theme` is the slug of a theme that is or was there."""
    order = random.choice(["title", "-last_published_at", "path", "-id", "first_published_at"])
    parts = f"{random.choice(['pages', 'insights', 'programmes', 'themes', 'images'])}/?limit=2"
    if "themes" not in parts and "images" not in parts:
        parts += f"&order={order}"
    whole = random.choice(
        ["pages/?limit=100", "insights/?limit=3", "programmes/?fields=_,title,partners", "events/?"]
    )
    day = f"2024-05-0{random.randint(1, 9)}"
    return [
        f"{parts}&cursor={_cursor(parts)}",
        f"{whole}&view=detail",
        f"insights/?facets=kind,theme,year&theme={theme}&limit=1",
        f"programmes/?facets=partner,theme,year&running_in={random.randint(2024, 2031)}&limit=0",
        f"insights/?published_on_from={day}&first_published_at_from=2020-01-01",
        f"pages/?last_published_at_to=2026-12-3{random.randint(0, 1)}&order=path",
        "themes/",
        f"themes/?search={theme}",
        f"themes/{_key(random, Theme)}/",
        "partners/?order=-name",
        f"partners/{_key(random, Partner)}/",
    ]


def _cursor(parts: str) -> str:
    """Return a cursor of the second part, or of the first where there is no other."""
    # Past the middleware and Django's test client, which lets go of the connection that all of this runs in.
    view, args, kwargs = resolve(f"{ROOT}{parts.partition('?')[0]}")
    response = view(RequestFactory().get(f"{ROOT}{parts}&cursor=start"), *args, **kwargs)
    return str(response.data["meta"]["next_cursor"] or "start")


def _key(random: Random, model: type[Theme | Partner]) -> int:
    return random.choice([*model.objects.order_by("pk").values_list("pk", flat=True), 0])
