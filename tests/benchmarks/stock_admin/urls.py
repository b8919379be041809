"""The addresses of the service, and one at which a page is read as with a template of Wagtail's."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from wagtail.images import get_image_model

from frontend_api.images.uses import use_named
from programmes.models import ProgrammePage
from tests.benchmarks.urls import urlpatterns as own


def read(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the renditions that the page of a programme shows, as Wagtail's `{% picture %}` does when it is rendered."""
    page = ProgrammePage.objects.get(slug=slug)
    shown = [(page.image, use) for use in ("hero", "teaser")]
    keys = [block.value["image"].pk for block in page.body if block.block_type == "image"]
    shown += [(image, "body") for image in get_image_model().objects.filter(pk__in=keys)]
    made = [image.get_renditions(*use_named(use).specs()) for image, use in shown]
    return HttpResponse(f"{sum(map(len, made))}")


urlpatterns = [path("read/<slug:slug>/", read), *own]
