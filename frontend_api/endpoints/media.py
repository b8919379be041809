"""`images/` and `documents/`: the media library of public collections, as in Wagtail's v2 API."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin
from wagtail.api.conf import get_model_field
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from frontend_api.errors import NotThere
from frontend_api.images.models import readable
from frontend_api.images.pictures import PICTURES, Picture
from frontend_api.images.uses import DEFAULT
from frontend_api.serialization.deferred import Deferred
from frontend_api.serialization.documents import document_json
from frontend_api.serialization.images import image_json
from frontend_api.serialization.media import own_fields, plan
from frontend_api.serialization.nested import Level, Medium, Nested
from frontend_api.serialization.selection import Selection

from . import parameters
from .base import DETAIL_PARAMETERS, ApiView
from .bounds import LARGEST
from .listing import LISTING_PARAMETERS, ListingMixin
from .ordering import order
from .page_filters import columns_among, having, having_all_tags
from .search import searched


class LibraryViewSet(ListingMixin, ViewSetMixin, ApiView):
    """A kind of media: listed, searched, filtered by title and tags, and shown one at a time."""

    model: ClassVar[type[Any]]
    column_fields: ClassVar[tuple[str, ...]] = ("id", "title")

    def list_parameters(self) -> frozenset[str]:
        """Return the names of the parameters that hold lists."""
        return frozenset({"order", "tags"})

    def queryset(self) -> QuerySet[Any]:
        """Return the visible objects of this kind."""
        return self.perspective.objects(self.model)

    def allowed_parameters(self) -> Iterable[str]:
        """Return the names of the parameters that the listing takes."""
        return LISTING_PARAMETERS | {*self.filter_names(), "tags"}

    @classmethod
    def filter_names(cls) -> list[str]:
        """Return the names of the columns that one can filter by: those of all, and those that the model declares."""
        own = [name for name, (_, is_meta) in own_fields(cls.model).items() if not is_meta]
        return [*cls.column_fields, "collection", *columns_among(cls.model, own)]

    @classmethod
    def order_names(cls) -> list[str]:
        """Return the names of the fields that the listing can be ordered by."""
        names = [
            name for name in cls.filter_names() if not get_model_field(cls.model, name).is_relation
        ]
        return [*names, "created_at"]

    def list(self, request: Request) -> Response:
        """List the library."""
        parameters.check(request.GET, self.allowed_parameters())
        queryset = self.queryset()
        for name in self.filter_names():
            if name in request.GET:
                queryset = having(queryset, name, request.GET[name], self.perspective)
        if "tags" in request.GET:
            queryset = having_all_tags(
                queryset, "tags", parameters.several("tags", request.GET["tags"])
            )
        found: Any = order(queryset, request.GET, self.order_names(), ("id",))
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
        return self.show(pk)

    def find(self, request: Request) -> Response:
        """Show the image or document with an id, without a redirect; raises `NotFound` if it is not visible."""
        parameters.check(request.GET, DETAIL_PARAMETERS | {"id"})
        if "id" not in request.GET:
            raise NotThere({"id": f"Name the {self.model._meta.verbose_name} by its id."})
        return self.show(parameters.whole_number("id", request.GET["id"]))

    def show(self, pk: int) -> Response:
        """Return the response that shows one of the library; raises `NotFound` if it is not visible."""
        matching = self.queryset().filter(pk=pk) if pk <= LARGEST else ()
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
    column_fields = ("id", "title", "width", "height")

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
