"""The API's root: what endpoints there are, with an example of each, and where they are described."""

import inspect
from collections.abc import Iterator
from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from rest_framework.request import Request
from rest_framework.response import Response

from frontend_api import conf
from frontend_api.introspection import Page
from frontend_api.serialization.addresses import absolute_url

from . import parameters
from .base import ApiView
from .collections import collections, snippets
from .discovery.feeds import feed_views


class Endpoint(NamedTuple):
    """One endpoint: the name of its URL, the query of an example, and what it gives, in a sentence."""

    view: str
    example: str
    about: str


ENDPOINTS = (
    Endpoint(
        "pages", "?type={type}&order=-first_published_at&limit=5", "Every public page of a site."
    ),
    Endpoint("find", "?html_path=/", "The page at a path of the frontend."),
    Endpoint("images", "?limit=5", "The images of public collections."),
    Endpoint("documents", "?limit=5", "The documents of public collections."),
    Endpoint("search", "?q=children&limit=5", "The pages of all types that have certain words."),
    Endpoint("autocomplete", "?q=chi", "Titles that complete what somebody types."),
    Endpoint("redirects", "?limit=5", "Where old paths of the frontend lead."),
    Endpoint("site", "", "What every page of a website shows around its content."),
    Endpoint("changes", "", "What changed after a cursor; without one, where to begin."),
    Endpoint("sitemap", "", "Every page that search engines are told of."),
    Endpoint("robots", "", "What programs may read of the website."),
    Endpoint("llms", "", "What there is to read, for language models."),
    Endpoint("preview", "?content_type={type}&token=…", "A draft, for whoever has its token."),
)


class IndexView(ApiView):
    """Name every endpoint, with an example of each, and where the API is described.

    {"title": "Delivery API", "version": "0.2.0", "docs": "https://cms.example.org/api/v2/docs/",
     "schema": "https://cms.example.org/api/v2/schema/",
     "endpoints": [{"name": "pages", "url": "https://cms.example.org/api/v2/pages/",
                    "example": "https://cms.example.org/api/v2/pages/?limit=5", "about": "…"}]}
    """

    def get(self, request: Request) -> Response:
        """Return the index; `docs` and `schema` are null where there is no description."""
        parameters.check(request.GET, ())
        return Response(
            {
                "title": conf.title(),
                "version": conf.version(),
                "docs": _address("docs"),
                "schema": _address("schema"),
                "endpoints": [
                    {
                        "name": endpoint.view,
                        "url": _address(endpoint.view),
                        "example": f"{_address(endpoint.view)}{endpoint.example}",
                        "about": endpoint.about,
                    }
                    for endpoint in _endpoints()
                    if _address(endpoint.view) is not None
                ],
            }
        )


def _endpoints() -> Iterator[Endpoint]:
    models = (view.model for _, view in sorted(collections.items()))
    of_type = next(models, Page)._meta.label
    for endpoint in ENDPOINTS:
        example = endpoint.example.replace("{type}", of_type)
        yield endpoint._replace(example=example)
    for name, viewset in sorted({**collections, **snippets}.items()):
        yield Endpoint(name, "?limit=5", (inspect.getdoc(viewset) or "").split("\n")[0])
    for place in feed_views():
        yield Endpoint(f"feed-{place}", "", "The newest of a collection, with the whole texts.")


def _address(view: str) -> str | None:
    try:
        return absolute_url(reverse(f"frontend_api:{view}"))
    except NoReverseMatch:
        return None
