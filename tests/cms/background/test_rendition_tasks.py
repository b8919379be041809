"""Renditions as tasks: each is made once however often it is asked for, and what a reader needs comes first."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from cms.background.models import READY, QueuedTask
from cms.background.worker import Worker
from cms.models import CmsImage, CmsRendition
from frontend_api.images.tasks import pictures_chosen
from tests import factories
from tests.configure import configure
from tests.frontend_api.images.test_renditions import see_through
from tests.frontend_api.serialization.test_images import SMALL_USES, image_block, picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]

FORMATS = ("avif", "webp", "jpeg")
SIZES = ("20x13", "40x27", "40x20", "80x40")
# The last is for where a page is shared, which no reader of it waits for.
USES = ("teaser", "hero", "share")
ONE_PAGE = [("teaser", True), ("hero", True), *((use, False) for use in USES)]
OF_A_PAGE = sorted(
    [
        "fill-1200x630|format-jpeg",
        *(f"fill-{size}|format-{form}" for size in SIZES for form in FORMATS),
    ]
)


@pytest.fixture(autouse=True)
def small_uses(settings: Any) -> None:
    """Keep the pictures small."""
    configure(settings, IMAGE_USES=SMALL_USES)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, bool]]:
    """Which pictures workers were asked to make, and whether only the first of each, in order."""
    asked: list[tuple[Any, bool]] = []

    call = type(pictures_chosen).call

    def note(task: Any, *args: Any) -> Any:
        if task.module_path == pictures_chosen.module_path:
            _, keys, *first_only = args
            asked.extend((tuple(key), bool(first_only)) for key in keys)
        return call(task, *args)

    # A task itself cannot be changed.
    monkeypatch.setattr(type(pictures_chosen), "call", note)
    return asked


def work() -> None:
    """Do all that waits."""
    Worker(batch=True).run()
    assert not QueuedTask.objects.exclude(status="SUCCESSFUL").exists()


def specs(image: CmsImage) -> list[str]:
    return sorted(image.renditions.values_list("filter_spec", flat=True))


def waiting() -> list[str]:
    """Return what waits, by its task and arguments."""
    tasks = QueuedTask.objects.filter(status=READY)
    return [f"{path} {args}" for path, args in tasks.values_list("task_path", "args_kwargs")]


def in_order_of_use(made: Any) -> list[Any]:
    """Return what was made, each half of it by `USES`: in which order the uses come is not fixed."""
    half = len(made) // 2
    return [
        item
        for part in (made[:half], made[half:])
        for item in sorted(part, key=lambda one: USES.index(one[0][1]))
    ]


def test_a_page_that_is_published_five_times_has_its_work_done_once(made: Any) -> None:
    image = picture(100, 50)
    page = factories.ContentPageFactory(image=image)
    work()
    made.clear()
    image.renditions.all().delete()
    for number in range(5):
        page.title = f"Title {number}"
        page.save_revision().publish()
        assert len(waiting()) == len({*waiting()}) == 1
    work()
    assert in_order_of_use(made) == [((image.pk, use), first) for use, first in ONE_PAGE]
    assert specs(image) == OF_A_PAGE


def test_five_pages_with_one_image_have_its_work_done_once(made: Any) -> None:
    image = picture(100, 50)
    for _ in range(5):
        factories.ContentPageFactory(image=image)
    work()
    assert in_order_of_use(made) == [((image.pk, use), first) for use, first in ONE_PAGE]
    assert specs(image) == OF_A_PAGE


def test_what_the_first_reader_needs_is_made_before_all_the_rest(made: Any) -> None:
    opaque = picture(100, 50)
    hollow = factories.ImageFactory(
        file=ContentFile(factories.encoded(see_through()), name="hollow.png")
    )
    other = picture(90, 60)
    factories.ContentPageFactory(image=opaque, body=[image_block(hollow)])
    factories.ContentPageFactory(image=other)
    work()
    first = [*CmsRendition.objects.order_by("pk").values_list("image_id", "filter_spec")[:5]]
    assert sorted(first) == [
        (opaque.pk, "fill-40x27|format-jpeg"),
        (opaque.pk, "fill-80x40|format-jpeg"),
        (hollow.pk, "width-60|format-png"),
        (other.pk, "fill-40x27|format-jpeg"),
        (other.pk, "fill-80x40|format-jpeg"),
    ]
    # Each page's and each image's, before a second one of any.
    assert [is_first for _, is_first in made] == [True] * 5 + [False] * 7
    assert CmsRendition.objects.count() == 5 * len(FORMATS) * 2 + 2
