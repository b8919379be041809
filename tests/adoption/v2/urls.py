"""Our endpoints where Wagtail's tests of v2 look for its own, under the same names."""

from typing import Any

from django.urls import include, path
from wagtail.test import urls as stock

from frontend_api import urls as ours

views = {pattern.name: pattern.callback for pattern in ours.urlpatterns if pattern.name}


def endpoint(name: str, one: str, find: str) -> Any:
    """Return the URLs of one of v2's endpoints."""
    patterns = [
        path("", views[name], name="listing"),
        path("find/", views[find], name="find"),
        path("<int:pk>/", views[one], name="detail"),
    ]
    return path(f"{name}/", include((patterns, name), namespace=name))


v2 = [
    endpoint("pages", "page", "find"),
    endpoint("images", "image", "find-image"),
    endpoint("documents", "document", "find-document"),
    endpoint("redirects", "redirect", "find-redirect"),
]
urlpatterns = [
    path("api/main/", include((v2, "wagtailapi_v2"), namespace="wagtailapi_v2")),
    path("api/v2/", include("frontend_api.urls")),
    *(pattern for pattern in stock.urlpatterns if "api/main" not in str(pattern.pattern)),
]
