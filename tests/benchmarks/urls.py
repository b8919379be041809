"""Both APIs beside each other: this one at `/api/v2/`, Wagtail's own at `/stock/`."""

from django.urls import path

from cms.urls import urlpatterns as own
from tests.benchmarks.stock import router

urlpatterns = [path("stock/", router.urls), *own]
