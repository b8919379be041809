"""`images/` and `documents/`: the media library of public collections, as in Wagtail's v2 API."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.urls import reverse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from frontend_api.images.models import readable
from frontend_api.images.pictures import PICTURES, Picture
from frontend_api.images.uses import DEFAULT
from frontend_api.serialization.addresses import absolute_url
from frontend_api.serialization.deferred import Deferred
from frontend_api.serialization.documents import DOCUMENT_FIELDS, document_json
from frontend_api.serialization.images import IMAGE_FIELDS, image_json
from frontend_api.serialization.selection import choose, refuse_nested
from frontend_api.serialization.tags import Tags

from . import parameters
from .base import DETAIL_PARAMETERS, ApiView
from .listing import LISTING_PARAMETERS, ListingMixin
from .ordering import order
from .search import searched

META = ("type", "detail_url", "tags", "download_url")


class LibraryViewSet(ListingMixin, ViewSetMixin, ApiView):
    """A kind of media: listed, searched, filtered by title and tags, and shown one at a time."""

    model: ClassVar[type[Any]]
    fields: ClassVar[Sequence[str]]
    order_fields = ("id", "title", "created_at")

    def queryset(self) -> QuerySet[Any]:
        """Return the visible objects of this kind."""
        return self.perspective.objects(self.model)

    def allowed_parameters(self) -> Iterable[str]:
        """Return the names of the parameters that the listing takes."""
        return LISTING_PARAMETERS | {"id", "title", "tags"}

    def list(self, request: Request) -> Response:
        """List the library."""
        parameters.check(request.GET, self.allowed_parameters())
        queryset = self.queryset()
        if "id" in request.GET:
            queryset = queryset.filter(pk=parameters.whole_number("id", request.GET["id"]))
        if "title" in request.GET:
            queryset = queryset.filter(title=request.GET["title"])
        if "tags" in request.GET:
            queryset = _having_all_tags(queryset, parameters.several("tags", request.GET["tags"]))
        found: Any = order(queryset, request.GET, self.order_fields, ("id",))
        found = searched(found, request.GET)
        shown = self.shown()
        return self.respond(
            self.listing(found, lambda items: [self.item(item, shown) for item in items])
        )

    def retrieve(self, request: Request, pk: int) -> Response:
        """Show one image or document; raises `NotFound` if it is not visible."""
        parameters.check(request.GET, DETAIL_PARAMETERS)
        matching = self.queryset().filter(pk=pk) if pk <= parameters.LARGEST else ()
        found = next(iter(self.perspective.listed(matching)), None)
        if found is None:
            raise NotFound(f"There is no such {self.model._meta.verbose_name}.")
        return self.respond(self.item(found, self.shown()))

    def shown(self) -> set[str]:
        """Return the names of the fields to show; raises `BadParameters` for an unknown one."""
        known = {*self.fields, *META}
        shown = choose(self.selection, known, known)
        for name, nested in shown.items():
            refuse_nested(name, nested)
        return set(shown)

    def form(self, item: Any) -> Deferred:
        """Return the JSON that `item` has everywhere in the API, without `meta`."""
        raise NotImplementedError

    def download_url(self, item: Any) -> str:
        """Return the absolute URL of the file."""
        raise NotImplementedError

    def item(self, item: Any, shown: set[str]) -> Deferred:
        """Return the JSON of `item` in its library: the shown fields of `form`, and `meta`."""
        self.perspective.dependencies.add_objects(self.model, [item.pk])
        meta = {
            "type": self.model._meta.label,
            "detail_url": absolute_url(
                reverse(f"frontend_api:{self.detail_url_name}", args=[item.pk])
            ),
            "tags": Deferred(lambda tags: tags, (Tags(self.model), item.pk)),
            "download_url": self.download_url(item),
        }
        shown_meta = {name: value for name, value in meta.items() if name in shown}
        form = self.form(item)

        def build(*found: Any) -> dict[str, Any]:
            body = {name: value for name, value in form.build(*found).items() if name in shown}
            return {**body, "meta": shown_meta} if shown_meta else body

        return Deferred(build, *form.needs)

    detail_url_name: ClassVar[str]


class ImagesViewSet(LibraryViewSet):
    """`images/`."""

    model = get_image_model()
    fields = IMAGE_FIELDS
    detail_url_name = "image"

    def queryset(self) -> QuerySet[Any]:
        """Return the visible images, without those whose file is missing or cannot be read."""
        return readable(super().queryset())

    def form(self, item: Any) -> Deferred:
        """Return the JSON of an image, in its default use."""
        # An image that has disappeared since it was listed is shown as it was then, without renditions.
        listed = Picture(item, DEFAULT, {}, frozenset())
        return Deferred(
            lambda picture: image_json(picture or listed), (PICTURES, (item.pk, DEFAULT))
        )

    def download_url(self, item: Any) -> str:
        """Return the absolute URL of the original file."""
        return absolute_url(item.file.url)


class DocumentsViewSet(LibraryViewSet):
    """`documents/`."""

    model = get_document_model()
    fields = DOCUMENT_FIELDS
    detail_url_name = "document"

    def form(self, item: Any) -> Deferred:
        """Return the JSON of a document."""
        return Deferred(lambda: document_json(item))

    def download_url(self, item: Any) -> str:
        """Return the absolute URL that serves the file."""
        return absolute_url(item.url)


def _having_all_tags(objects: QuerySet[Any], names: list[str]) -> QuerySet[Any]:
    """Return the objects in `objects` that have all the tags in `names`, which holds no name twice.

    One subquery counts each object's tags, because databases cannot handle a join for every tag.
    """
    having = (
        objects.model._default_manager.filter(tags__name__in=names)
        .order_by()
        .values("pk")
        .annotate(tags_there=Count("tags__name", distinct=True))
        .filter(tags_there=len(names))
    )
    return objects.filter(pk__in=having.values("pk"))
