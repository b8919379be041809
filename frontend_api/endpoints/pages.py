"""The endpoints that list pages and show one, configured by class attributes as Wagtail's own are."""

from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin
from wagtail.models import Page

from frontend_api.dependencies.memo import remembered as facts
from frontend_api.dependencies.tracker import ENVIRON, Record, current
from frontend_api.errors import BadCredential, bad_parameter
from frontend_api.previews import credentials
from frontend_api.previews.credentials import Credential
from frontend_api.serialization import selection as fields_parameter
from frontend_api.serialization.images import PICTURES
from frontend_api.serialization.loaders import resolve_and_tell
from frontend_api.serialization.nested import Level
from frontend_api.serialization.objects import check, represent
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.sites import site_named

from . import page_filters, parameters
from .draft_state import with_state
from .filters import CollectionFilterSet
from .html_path import normalised
from .ordering import order
from .search import search

DETAIL_PARAMETERS = frozenset({"fields", "site"})
FIND_PARAMETERS = DETAIL_PARAMETERS | {"html_path", "id"}
SHOWN_OF_IT = frozenset({"fields", "limit", "offset"})
LISTING_PARAMETERS = frozenset(
    {"fields", "site", "limit", "offset", "order", "search", "search_operator"}
)


class ApiView(APIView):
    """What every endpoint shares: GET only, strict parameters, and one perspective for the request."""

    http_method_names = ["get", "head", "options"]
    is_cacheable: ClassVar[bool] = True
    """Whether what it answers may be kept for others who ask the same."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer, and leave a record of what the answer was made of to who may keep it."""
        record = Record()
        with record.watching():
            response = super().dispatch(request, *args, **kwargs)
        if self.is_cacheable:
            request.META[ENVIRON] = record
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a bad credential before anything else, so that every endpoint answers it alike."""
        super().initial(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"}:
            self.credential  # noqa: B018

    @cached_property
    def credential(self) -> Credential | None:
        """What the request gives to see more than is public; None without one."""
        token = credentials.given(self.request)
        return None if token is None else credentials.read(token)

    @cached_property
    def perspective(self) -> Perspective:
        """What this request may see: what is public on the site it names, and what its credential gives there."""
        name = self.request.GET.get("site")
        if self.credential is None:
            return Perspective(site_named(name))
        if name is not None and site_named(name) != self.credential.site:
            raise BadCredential
        return self.credential.perspective()

    def is_about_draft(self) -> bool:
        """Tell whether the answer is for whoever asks alone, be it an error."""
        return credentials.given(self.request) is not None

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep drafts, and the errors about them, out of every cache and search engine."""
        response = super().finalize_response(request, response, *args, **kwargs)
        # A cache on the way must not answer somebody who has a credential with what everybody gets.
        patch_vary_headers(response, ["Authorization"])
        if self.is_about_draft():
            for name, value in credentials.HEADERS.items():
                response[name] = value
        return response

    @property
    def selection(self) -> fields_parameter.Selection:
        """What the request's `fields` selects."""
        return (
            fields_parameter.parse(self.request.GET["fields"])
            if "fields" in self.request.GET
            else ()
        )

    def respond(self, representation: Any) -> Response:
        """Return the response with all that `representation` names fetched and in place."""
        shown, loaded = resolve_and_tell(representation, self.perspective)
        if self.perspective.overlay is not None:
            # What publishing makes, a draft lacks, and an editor sees the crops that readers will see. Renditions are
            # made of representations, so this import waits until all modules are there.
            from frontend_api.images.tasks import enqueue_missing

            pictures = loaded.get(PICTURES, {}).values()
            enqueue_missing([picture for picture in pictures if picture], self.perspective.site)
        return Response(shown)


class _Count(Subquery):
    """How many rows a queryset has, as a value in another one's query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class ListingMixin:
    """Pages through an ordered queryset or search result; the viewset says how one item looks."""

    request: Any
    perspective: Perspective

    def listing(self, items: Any, represent_all: Any) -> dict[str, Any]:
        """Return `{"meta": {"total_count": 42}, "items": […]}` for the requested slice of `items`."""
        limit, offset = parameters.limit_and_offset(self.request.GET)
        record, state = self.perspective.record, self.perspective.state
        is_query = isinstance(items, QuerySet)
        # Who sees drafts may see more of them than the public, or fewer.
        is_public = is_query and self.perspective.overlay is None
        known = facts.recall(self._counted, state) if is_public else None
        if limit and is_query and known is None:
            items = items.annotate(total_count=_Count(items.order_by().values("pk")))
        shown = self.perspective.listed(items[offset : offset + limit]) if limit else []
        if known is not None:
            record.tags |= known.tags
            record.holds_until(known.until)
            return {"meta": {"total_count": known.value}, "items": represent_all(shown)}
        total_count = getattr(shown[0], "total_count", None) if shown else None
        if total_count is None:
            with record.listed():
                total_count = items.count()
        if is_public and current() is record:
            facts.keep(self._counted, total_count, state, record)
        return {"meta": {"total_count": total_count}, "items": represent_all(shown)}

    @property
    def _counted(self) -> Hashable:
        """What is counted: all that was asked for but for how much of it is shown."""
        asked = self.request.GET.lists()
        rest = sorted((name, *values) for name, values in asked if name not in SHOWN_OF_IT)
        return "count", type(self), self.perspective.site.pk, tuple(rest)


class CollectionViewSet(ListingMixin, ViewSetMixin, ApiView):
    """A collection of one page type: `{name}/` lists it, `{name}/{id}/` shows one.

    A subclass says what it lists and by what it filters and orders::

        class EventsViewSet(CollectionViewSet):
            model = EventPage
            filterset_class = EventFilterSet
            order_fields = ("starts_on", "title")
            default_order = ("starts_on",)
    """

    model: ClassVar[type[Page]]
    filterset_class: ClassVar[type[CollectionFilterSet]] = CollectionFilterSet
    order_fields: ClassVar[Sequence[str]] = ("id", "title", "first_published_at")
    default_order: ClassVar[Sequence[str]] = ("id",)

    @classmethod
    def add_filter(cls, name: str, added: Any) -> None:
        """Add a filter that another app has for this collection, such as `insights/?programme=`, and for no other."""
        if name in cls.filterset_class.base_filters:
            raise ImproperlyConfigured(
                f"{cls.__name__} has a filter with the name {name!r} already."
            )
        # Other collections may have the same class.
        own = type(f"{cls.__name__}FilterSet", (cls.filterset_class,), {name: added})
        cls.filterset_class = own

    def allowed_parameters(self) -> Iterable[str]:
        """Return the parameters that the listing takes."""
        return LISTING_PARAMETERS | set(self.filterset_class.base_filters)

    def filtered(self) -> QuerySet:
        """Return the visible pages that the request asks for, unordered."""
        return self.filterset_class.narrow(
            self.perspective.pages(self.model), self.request.GET, self.perspective
        )

    def list(self, request: Request) -> Response:
        """List the collection."""
        parameters.check(request.GET, self.allowed_parameters())
        return self.respond(self.listing(self.found(), self.represent_items))

    def found(self) -> Any:
        """Return the visible pages that match the request, in its order."""
        queryset = order(self.filtered(), self.request.GET, self.order_fields, self.default_order)
        if "search" in self.request.GET:
            return search(queryset, self.request.GET)
        if "search_operator" in self.request.GET:
            raise bad_parameter("search_operator", "search_operator goes with search.")
        return queryset

    def represent_items(self, items: Sequence[Page]) -> Sequence[dict[str, Any]]:
        """Return the teasers of `items`."""
        selection = self.selection
        # An empty listing says what is wrong with `fields` too.
        check(self.model, selection, Level.TEASER)
        return [
            represent(item, self.perspective, selection, Level.TEASER, lenient=True)
            for item in self.perspective.seen(items)
        ]

    def retrieve(self, request: Request, pk: int) -> Response:
        """Show one page with all its fields."""
        parameters.check(request.GET, DETAIL_PARAMETERS)
        found = (
            self.perspective.specific_pages([pk], model=self.model)
            if pk <= parameters.LARGEST
            else []
        )
        return self.show(found[0] if found else None)

    def show(self, page: Page | None) -> Response:
        """Return the response with all fields of `page`, or a problem when it may not be seen."""
        if page is None:
            raise NotFound("There is no such page.")
        form = represent(page, self.perspective, self.selection)
        return self.respond(with_state(form, page, self.perspective))


class PagesViewSet(CollectionViewSet):
    """`pages/`: every public page of a site, of any type."""

    model = Page

    @cached_property
    def models(self) -> tuple[type[Page], ...]:
        """The page types that the request asks for, empty for all."""
        return (
            page_filters.models_named(self.request.GET["type"])
            if "type" in self.request.GET
            else ()
        )

    @property
    def queried_model(self) -> type[Page]:
        """The model whose fields one can filter and order by: the one type asked for, or what all pages share."""
        return self.models[0] if len(self.models) == 1 else Page

    def allowed_parameters(self) -> Iterable[str]:
        """Return the parameters that the listing takes, the fields of the type asked for among them."""
        return {
            *LISTING_PARAMETERS,
            *page_filters.TREE_PARAMETERS,
            *page_filters.column_names(self.queried_model),
        }

    @property
    def order_fields(self) -> Iterable[str]:  # type: ignore[override]
        """The fields that the listing can be ordered by."""
        return page_filters.order_names(self.queried_model)

    def filtered(self) -> QuerySet:
        """Return the visible pages that the request asks for, unordered."""
        queryset: Any = self.perspective.pages(self.queried_model)
        if len(self.models) > 1:
            queryset = queryset.type(*self.models)
        return page_filters.filter_pages(queryset, self.request.GET, self.perspective)

    def represent_items(self, items: Sequence[Page]) -> Sequence[dict[str, Any]]:
        """Return the teasers of `items`, each as its own type."""
        selection = self.selection
        for model in self.models or (Page,):
            check(model, selection, Level.TEASER)
        specific = {
            page.pk: page for page in self.perspective.specific_pages([item.pk for item in items])
        }
        return [
            represent(specific[item.pk], self.perspective, selection, Level.TEASER, lenient=True)
            for item in items
            # What was unpublished since the page was listed is gone.
            if item.pk in specific
        ]

    def find(self, request: Request) -> Response:
        """Show the page at a path of the frontend, at once and without a redirect."""
        parameters.check(request.GET, FIND_PARAMETERS)
        if ("html_path" in request.GET) == ("id" in request.GET):
            raise bad_parameter(
                "html_path", "Name the page by html_path, its path on the frontend, or by id."
            )
        if "id" in request.GET:
            number = parameters.whole_number("id", request.GET["id"])
            page = next(iter(self.perspective.specific_pages([number])), None)
        else:
            page = self.perspective.at_path(normalised(request.GET["html_path"]))
        return self.show(page)
