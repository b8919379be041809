"""The URLs of all endpoints; `endpoints.collections.RESERVED` lists the paths that no collection may take."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from frontend_api.endpoints.changes import ChangesView
from frontend_api.endpoints.collections import collections, snippets
from frontend_api.endpoints.discovery.feeds import feed_views
from frontend_api.endpoints.discovery.llms import LlmsView
from frontend_api.endpoints.discovery.robots import RobotsView
from frontend_api.endpoints.discovery.sitemap import SitemapView
from frontend_api.endpoints.index import IndexView
from frontend_api.endpoints.media import DocumentsViewSet, ImagesViewSet
from frontend_api.endpoints.pages import PagesViewSet
from frontend_api.endpoints.preview import PreviewView
from frontend_api.endpoints.problems import page_not_found
from frontend_api.endpoints.redirects import RedirectsViewSet
from frontend_api.endpoints.site import SiteView
from frontend_api.endpoints.site_search import AutocompleteViewSet, SearchViewSet
from frontend_api.openapi.own_view import is_described
from frontend_api.openapi.views import DocsView, SchemaView
from frontend_api.redirects.leads import is_installed

app_name = "frontend_api"

LIST: dict[str, Any] = {"get": "list"}
RETRIEVE: dict[str, Any] = {"get": "retrieve"}
FIND: dict[str, Any] = {"get": "find"}

urlpatterns: list[URLPattern] = [
    path("pages/", PagesViewSet.as_view(LIST), name="pages"),
    path("pages/find/", PagesViewSet.as_view(FIND), name="find"),
    path("pages/<int:pk>/", PagesViewSet.as_view(RETRIEVE), name="page"),
    path("images/", ImagesViewSet.as_view(LIST), name="images"),
    path("images/find/", ImagesViewSet.as_view(FIND), name="find-image"),
    path("images/<int:pk>/", ImagesViewSet.as_view(RETRIEVE), name="image"),
    path("documents/", DocumentsViewSet.as_view(LIST), name="documents"),
    path("documents/find/", DocumentsViewSet.as_view(FIND), name="find-document"),
    path("documents/<int:pk>/", DocumentsViewSet.as_view(RETRIEVE), name="document"),
    path("search/", SearchViewSet.as_view(LIST), name="search"),
    path("autocomplete/", AutocompleteViewSet.as_view(LIST), name="autocomplete"),
    path("site/", SiteView.as_view(), name="site"),
    path("changes/", ChangesView.as_view(), name="changes"),
    path("preview/", PreviewView.as_view(), name="preview"),
    path("sitemap.xml", SitemapView.as_view(), name="sitemap"),
    path("sitemap-<int:number>.xml", SitemapView.as_view(), name="sitemap-part"),
    path("robots.txt", RobotsView.as_view(), name="robots"),
    path("llms.txt", LlmsView.as_view(), name="llms"),
    *(
        path(f"feeds/{place}", view.as_view(), name=f"feed-{place}")
        for place, view in feed_views().items()
    ),
]

if is_installed():
    urlpatterns += [
        path("redirects/", RedirectsViewSet.as_view(LIST), name="redirects"),
        path("redirects/find/", RedirectsViewSet.as_view(FIND), name="find-redirect"),
        path("redirects/<int:pk>/", RedirectsViewSet.as_view(RETRIEVE), name="redirect"),
    ]

if is_described():
    urlpatterns += [
        path("schema/", SchemaView.as_view(), name="schema"),
        path("docs/", DocsView.as_view(), name="docs"),
    ]

for name, viewset in sorted({**collections, **snippets}.items()):
    urlpatterns += [
        path(f"{name}/", viewset.as_view(LIST), name=name),
        path(f"{name}/<int:pk>/", viewset.as_view(RETRIEVE), name=f"{name}-detail"),
    ]


@csrf_exempt
def no_such_endpoint(request: HttpRequest, path: str | None = None) -> HttpResponse:
    """Answer every address that is not an endpoint with an error in the same form as all others."""
    return page_not_found(request)


# The description has addresses without a slash at the end, as most tools expect; Wagtail's v2 API has them with one.
urlpatterns += [
    path(str(pattern.pattern).removesuffix("/"), pattern.callback)
    for pattern in urlpatterns
    if str(pattern.pattern).endswith("/")
]

urlpatterns += [
    path("", IndexView.as_view(), name="root"),
    re_path(r"^(?P<path>.+)$", no_such_endpoint),
]
