"""Images as readers get them: one form, of renditions that are there already."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from cms.models import CmsImage, CmsRendition
from frontend_api.changes.transaction import transaction
from frontend_api.images.pictures import PICTURES
from frontend_api.images.renditions import make_missing
from frontend_api.images.uses import Use
from frontend_api.serialization.blocks import represent_block
from frontend_api.serialization.resolver import resolve
from frontend_api.visibility.perspective import Perspective
from tests import factories
from tests.configure import configure
from tests.frontend_api.conftest import Get, make_renditions

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MEDIA = "http://localhost:8000/media/images/"
SMALL_USES = {
    "teaser": {"ratio": (3, 2), "widths": (20, 40)},
    "body": {"widths": (30, 60)},
    "hero": {"ratio": (2, 1), "widths": (40, 80)},
    "logo": {"widths": (10,)},
}


def picture(width: int, height: int, **fields: Any) -> CmsImage:
    """Return an image of this size."""
    file = ContentFile(factories.png(width, height), name="picture.png")
    return factories.ImageFactory(file=file, **fields)


def image_block(image: CmsImage, alt: str = "x", *, decorative: bool = False) -> dict[str, Any]:
    """Return a block of a body."""
    choice = {"image": image.pk, "alt_text": alt, "decorative": decorative}
    return {"type": "image", "value": {"image": choice, "caption": "", "credit": ""}}


def widths(shown: dict[str, Any]) -> dict[str, list[int]]:
    """Return the widths of each type."""
    return {
        source["type"]: [item["width"] for item in source["srcset"]] for source in shown["sources"]
    }


def without_random_names(value: Any) -> Any:
    """Return JSON without what Django puts at the end of a name that is taken."""
    if isinstance(value, dict):
        return {key: without_random_names(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_random_names(item) for item in value]
    return re.sub(r"picture_\w{7}\.", "picture.", value) if isinstance(value, str) else value


def form(image: CmsImage, size: tuple[int, int], specs: list[tuple[str, int]]) -> dict[str, Any]:
    """Return the form of an opaque image with these renditions."""
    formats = [("avif", "avif"), ("webp", "webp"), ("jpeg", "jpg")]
    return {
        "id": image.pk,
        "title": image.title,
        "alt": image.description,
        "width": size[0],
        "height": size[1],
        "focal_point": None,
        "src": f"{MEDIA}picture.{specs[-1][0]}.format-jpeg.jpg",
        "sources": [
            {
                "type": f"image/{name}",
                "srcset": [
                    {"url": f"{MEDIA}picture.{spec}.format-{name}.{extension}", "width": width}
                    for spec, width in specs
                ],
            }
            for name, extension in formats
        ],
        "placeholder": factories.file_of(image).placeholder,
        "meta": {
            "type": "cms.CmsImage",
            "detail_url": f"http://localhost:8000/api/v2/images/{image.pk}/",
            "download_url": "/media/original_images/picture.png",
        },
    }


def test_each_use_has_exactly_this_form(get: Get) -> None:
    image = picture(1700, 1275, title="Harbour", description="Boats at dawn")
    programme = factories.ProgrammePageFactory(
        image=image,
        partners=[factories.PartnerFactory(logo=image)],
        body=[image_block(image, image.description)],
    )
    make_renditions()
    shown = without_random_names(get(f"pages/{programme.pk}/"))
    # Wagtail puts a key of the focal point, here of none, into the names of crops.
    key = CmsRendition.objects.filter(filter_spec__startswith="fill").first().focal_point_key
    hero, teaser = (
        [(f"{key}.fill-{size}", int(size.split("x")[0])) for size in sizes]
        for sizes in (["640x360", "1280x720"], ["320x213", "640x427"])
    )
    assert shown["image"] == form(image, (1280, 720), hero)
    body = [("width-480", 480), ("width-960", 960), ("width-1600", 1600)]
    assert shown["body"][0]["value"]["image"] == form(image, (1600, 1200), body)
    logo = [("width-160", 160), ("width-320", 320)]
    assert shown["partners"][0]["logo"] == form(image, (320, 240), logo)
    (item,) = without_random_names(get("programmes/"))["items"]
    assert item["image"] == form(image, (640, 427), teaser)
    (item,) = without_random_names(get("images/"))["items"]
    assert item["meta"].pop("tags") == []
    assert item == form(image, (1600, 1200), body)
    assert list(item) == list(form(image, (1600, 1200), body))


@given(
    st.integers(1, 3000),
    st.integers(1, 3000),
    st.sampled_from([None, (3, 2), (16, 9), (1, 2)]),
    st.lists(st.integers(1, 2000), min_size=1, max_size=4, unique=True).map(sorted),
)
def test_only_the_smallest_width_may_be_above_what_an_original_has(
    width: int, height: int, ratio: tuple[int, int] | None, sizes: list[int]
) -> None:
    use = Use(tuple(sizes), ratio)
    chosen = use.widths_for(width, height)
    assert chosen
    if len(chosen) > 1 or chosen != use.widths[:1]:
        assert max(chosen) <= width
        assert ratio is None or max(chosen) * ratio[1] <= height * ratio[0]


@pytest.mark.parametrize(
    ("size", "hero", "body", "shown"),
    [
        ((100, 90), [40, 80], [30, 60], (80, 40)),
        # The crop, not the whole, has to be wide enough.
        ((100, 39), [40], [30, 60], (40, 20)),
        ((59, 59), [40], [30], (40, 20)),
        # Smaller than all: one of its own size.
        ((24, 30), [24], [24], (24, 12)),
        ((6, 2), [4], [6], (4, 2)),
    ],
)
def test_nothing_is_wider_than_the_original(
    get: Get, settings: Any, size: tuple[int, int], hero: Any, body: Any, shown: tuple[int, int]
) -> None:
    configure(settings, IMAGE_USES=SMALL_USES)
    image = picture(*size)
    page = factories.ContentPageFactory(image=image, body=[image_block(image)])
    make_renditions()
    detail = get(f"pages/{page.pk}/")
    assert set(map(tuple, widths(detail["image"]).values())) == {tuple(hero)}
    assert set(map(tuple, widths(detail["body"][0]["value"]["image"]).values())) == {tuple(body)}
    assert (detail["image"]["width"], detail["image"]["height"]) == shown
    for rendition in CmsRendition.objects.all():
        with rendition.file.open() as file:
            assert PillowImage.open(file).size == (rendition.width, rendition.height)
        assert rendition.width <= size[0]
        assert rendition.height <= size[1]


@pytest.mark.parametrize(
    ("centre", "colour", "focal_point"),
    [
        (None, "blue", None),
        (15, "red", {"x": 0.5, "y": 0.25}),
        (45, "blue", {"x": 0.5, "y": 0.5}),
        (80, "lime", {"x": 0.5, "y": 0.75}),
    ],
)
def test_a_crop_follows_the_focal_point(
    get: Get, settings: Any, centre: int | None, colour: str, focal_point: Any
) -> None:
    """Three bands, of which the crop holds one: the pixels of every rendition are those of that band."""
    configure(settings, IMAGE_USES={**SMALL_USES, "hero": {"ratio": (3, 1), "widths": (30, 60)}})
    bands = PillowImage.new("RGB", (60, 90), "blue")
    bands.paste("red", (0, 0, 60, 30))
    bands.paste("lime", (0, 60, 60, 90))
    fields: dict[str, int] = {}
    if centre is not None:
        fields = {"focal_point_x": 30, "focal_point_y": centre}
        fields |= {"focal_point_width": 10, "focal_point_height": 10}
    file = ContentFile(factories.encoded(bands), name="bands.png")
    page = factories.ContentPageFactory(image=factories.ImageFactory(file=file, **fields))
    make_renditions()
    shown = get(f"pages/{page.pk}/")["image"]
    assert (shown["width"], shown["height"]) == (60, 20)
    assert shown["focal_point"] == focal_point
    for rendition in CmsRendition.objects.filter(filter_spec__startswith="fill-60x20"):
        with rendition.file.open() as file:
            middle = PillowImage.open(file).convert("RGB").getpixel((30, 10))
        wanted = PillowImage.new("RGB", (1, 1), colour).getpixel((0, 0))
        assert max(abs(a - b) for a, b in zip(middle, wanted, strict=True)) < 40


def test_a_focal_point_is_in_fractions_of_the_original_where_that_is_shown(get: Get) -> None:
    focus = {"focal_point_x": 2, "focal_point_y": 3}
    image = picture(8, 6, **focus, focal_point_width=2, focal_point_height=2)
    page = factories.ContentPageFactory(image=image)
    shown = get(f"pages/{page.pk}/")["image"]
    assert shown["focal_point"] == {"x": 0.25, "y": 0.5}
    assert shown["sources"] == []
    assert shown["src"] == f"http://localhost:8000{image.file.url}"
    assert (shown["width"], shown["height"]) == (8, 6)


def test_what_is_there_is_shown_while_the_rest_is_made(get: Get, settings: Any) -> None:
    configure(settings, IMAGE_USES=SMALL_USES)
    page = factories.ContentPageFactory(image=picture(100, 50))
    make_renditions()
    CmsRendition.objects.filter(filter_spec="fill-80x40|format-jpeg").delete()
    CmsRendition.objects.filter(filter_spec="fill-40x20|format-avif").delete()
    shown = get(f"pages/{page.pk}/")["image"]
    assert widths(shown) == {"image/avif": [80], "image/webp": [40, 80], "image/jpeg": [40]}
    assert (shown["width"], shown["height"]) == (40, 20)
    CmsRendition.objects.filter(filter_spec__endswith="jpeg").delete()
    shown = get(f"pages/{page.pk}/")["image"]
    assert (shown["sources"], shown["width"], shown["height"]) == ([], 100, 50)


def test_the_text_of_the_place_goes_before_that_of_the_image(get: Get) -> None:
    image = picture(8, 6, description="Boats at dawn")
    page = factories.ContentPageFactory(
        image=image, body=[image_block(image, "A harbour"), image_block(image, decorative=True)]
    )
    detail = get(f"pages/{page.pk}/")
    assert detail["image"]["alt"] == "Boats at dawn"
    assert [block["value"]["image"]["alt"] for block in detail["body"]] == ["A harbour", ""]


@pytest.mark.parametrize(
    ("block", "raw"),
    [
        (
            ImageBlock(image_use="hero"),
            lambda pk: {"image": pk, "alt_text": "", "decorative": True},
        ),
        (ImageChooserBlock(image_use="hero"), lambda pk: pk),
    ],
)
def test_a_block_names_a_use(settings: Any, block: Any, raw: Callable[[int], Any]) -> None:
    configure(settings, IMAGE_USES=SMALL_USES)
    image = picture(100, 50)
    perspective = Perspective(factories.default_site())

    def shown() -> Any:
        return resolve(represent_block(block, raw(image.pk), perspective), perspective)[0]

    make_missing(PICTURES(perspective, {(image.pk, "hero")}).values())
    assert widths(shown())["image/jpeg"] == [40, 80]


def test_a_rich_text_shows_pictures_of_the_use_body(get: Get, settings: Any) -> None:
    configure(settings, IMAGE_USES=SMALL_USES)
    image = picture(100, 50)
    text = f'<p>x</p><embed embedtype="image" id="{image.pk}" format="left" alt="A &lt;b&gt;"/>'
    page = factories.ContentPageFactory(body=[{"type": "rich_text", "value": text}])
    make_renditions()
    html = without_random_names(get(f"pages/{page.pk}/")["body"][0]["value"])
    sources = "".join(
        f'<source type="image/{name}" srcset="{MEDIA}picture.width-30.format-{name}.{extension} 30w, '
        f'{MEDIA}picture.width-60.format-{name}.{extension} 60w" sizes="(min-width: 48rem) 48rem, 100vw">'
        for name, extension in (("avif", "avif"), ("webp", "webp"), ("jpeg", "jpg"))
    )
    assert html == (
        f'<p>x</p><picture>{sources}<img src="{MEDIA}picture.width-60.format-jpeg.jpg" alt="A &lt;b&gt;" '
        'width="60" height="30" class="richtext-image left" loading="lazy"></picture>'
    )


def rendition_queries(client: Client, path: str) -> int:
    """Return how many queries of a read have to do with renditions."""
    client.get(f"/api/v2/{path}")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/api/v2/{path}").status_code == 200
    return sum("cms_cmsrendition" in query["sql"] for query in captured)


@pytest.mark.once
def test_one_query_finds_all_renditions_of_a_response(client: Client, settings: Any) -> None:
    """However many images there are, and however deep they are nested."""
    configure(settings, IMAGE_USES=SMALL_USES)

    def page(count: int) -> Any:
        images = [picture(60, 40) for _ in range(count)]
        insights = [factories.InsightPageFactory(image=image) for image in images]
        texts = "".join(f'<embed embedtype="image" id="{image.pk}" alt=""/>' for image in images)
        return factories.ProgrammePageFactory(
            image=images[0],
            partners=[factories.PartnerFactory(logo=image) for image in images],
            insights=insights,
            body=[
                *map(image_block, images),
                {"type": "rich_text", "value": texts},
                {
                    "type": "insights",
                    "value": {"heading": "", "insights": [item.pk for item in insights]},
                },
            ],
        )

    with transaction():
        one, forty = page(1), page(40)
    make_renditions()
    for path in (f"pages/{one.pk}/", f"pages/{forty.pk}/"):
        assert rendition_queries(client, path) == 1
    assert rendition_queries(client, "pages/?limit=100") == 1
    assert rendition_queries(client, "images/?limit=100") == 1


def test_a_read_makes_no_rendition_and_opens_no_file(get: Get, settings: Any) -> None:
    """What is shown is the same when no file is left to be opened."""
    configure(settings, IMAGE_USES=SMALL_USES)
    image = picture(100, 50)
    page = factories.ContentPageFactory(image=image, body=[image_block(image)])
    assert get(f"pages/{page.pk}/")["image"]["sources"] == []
    assert not CmsRendition.objects.exists()
    make_renditions()
    count = CmsRendition.objects.count()
    shown = get(f"pages/{page.pk}/"), get("images/"), get("pages/")
    for rendition in CmsRendition.objects.all():
        rendition.file.storage.delete(rendition.file.name)
    image.file.storage.delete(image.file.name)
    assert (get(f"pages/{page.pk}/"), get("images/"), get("pages/")) == shown
    assert CmsRendition.objects.count() == count


@pytest.mark.parametrize("parameter", ["image(_,use)", "image(srcset)"])
def test_a_client_cannot_choose(get: Get, parameter: str) -> None:
    page = factories.ContentPageFactory(image=picture(8, 6))
    assert "there is no field" in get(f"pages/{page.pk}/", fields=parameter, expect=400)["detail"]


def test_a_client_can_leave_out(get: Get) -> None:
    page = factories.ContentPageFactory(image=picture(8, 6, title="Harbour"))
    shown = get(f"pages/{page.pk}/", fields="_,image(_,title,sources)")
    assert shown == {"image": {"title": "Harbour", "sources": []}}
