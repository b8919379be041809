"""`images/` and `documents/`: the media library of public collections, as in Wagtail's v2 API."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from frontend_api.images.models import readable
from frontend_api.images.pictures import PICTURES, Picture
from frontend_api.images.uses import DEFAULT
from frontend_api.serialization.deferred import Deferred
from frontend_api.serialization.documents import document_json
from frontend_api.serialization.images import image_json
from frontend_api.serialization.media import plan
from frontend_api.serialization.nested import Level, Medium, Nested
from frontend_api.serialization.selection import Selection

from . import parameters
from .base import DETAIL_PARAMETERS, ApiView
from .listing import LISTING_PARAMETERS, ListingMixin
from .ordering import order
from .search import searched


class LibraryViewSet(ListingMixin, ViewSetMixin, ApiView):
    """A kind of media: listed, searched, filtered by title and tags, and shown one at a time."""

    model: ClassVar[type[Any]]
    order_fields = ("id", "title", "created_at")
    list_parameters = frozenset({"order", "tags"})

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
        plan(self.model, self.selection, Level.TEASER)
        return self.respond(
            self.listing(
                found,
                lambda items: [self.item(item, self.selection, Level.TEASER) for item in items],
            )
        )

    def retrieve(self, request: Request, pk: int) -> Response:
        """Show one image or document; raises `NotFound` if it is not visible."""
        parameters.check(request.GET, DETAIL_PARAMETERS)
        matching = self.queryset().filter(pk=pk) if pk <= parameters.LARGEST else ()
        found = next(iter(self.perspective.listed(matching)), None)
        if found is None:
            raise NotFound(f"There is no such {self.model._meta.verbose_name}.")
        return self.respond(self.item(found, self.selection, Level.DETAIL))

    def item(self, item: Any, selection: Selection, level: Level) -> Deferred | Nested:
        """Return the JSON of one of the library's images or documents."""
        raise NotImplementedError


class ImagesViewSet(LibraryViewSet):
    """`images/`."""

    model = get_image_model()

    def queryset(self) -> QuerySet[Any]:
        """Return the visible images, without those whose file is missing or cannot be read."""
        return readable(super().queryset())

    def item(self, item: Any, selection: Selection, level: Level) -> Deferred:
        """Return the JSON of an image, in its default use."""
        # An image that has disappeared since it was listed is shown as it was then, without renditions.
        listed = Picture(item, DEFAULT, {}, frozenset())
        return Deferred(
            lambda picture: Nested(Medium(item, image_json(picture or listed)), selection, level),
            (PICTURES, (item.pk, DEFAULT)),
        )


class DocumentsViewSet(LibraryViewSet):
    """`documents/`."""

    model = get_document_model()

    def item(self, item: Any, selection: Selection, level: Level) -> Nested:
        """Return the JSON of a document."""
        self.perspective.dependencies.add_objects(self.model, [item.pk])
        return Nested(Medium(item, document_json(item)), selection, level)


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
