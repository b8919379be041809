"""`search/`: the pages of all types that have certain words, and `autocomplete/`: titles that begin with them."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from frontend_api import conf
from frontend_api.errors import bad_parameter
from frontend_api.introspection import Page
from frontend_api.search.counting import counts_among, counts_of_all, unseen_by
from frontend_api.search.highlighting import Found, excerpt, marked
from frontend_api.search.queries import Search, entries
from frontend_api.search.ranking import Ranked, completing
from frontend_api.serialization.nested import Level

from . import page_filters, parameters
from .pages import PagesViewSet

NARROWING = frozenset({"q", "type", "locale", "site"})
SEARCH_PARAMETERS = NARROWING | {"fields", "highlight", "limit", "offset", "rich_text_format"}
AUTOCOMPLETE_PARAMETERS = NARROWING | {"limit"}
COMPLETIONS = 8
"""How many titles complete what somebody types, unless the request says otherwise."""


class WordsViewSet(PagesViewSet):
    """What `search/` and `autocomplete/` share: words, and among which pages they are looked for."""

    last_is_beginning: ClassVar[bool] = False

    def list_parameters(self) -> frozenset[str]:
        """Return the names of the parameters that hold lists."""
        return frozenset({"type"})

    @cached_property
    def asked(self) -> Search:
        """What the request searches for; raises `BadParameters` without words, and where there are no searches."""
        if not conf.search_enabled():
            raise bad_parameter("q", "q asks for a search, and search is switched off here.")
        if "q" not in self.request.GET:
            raise bad_parameter("q", "q is missing; give the words to search for.")
        text = str(self.request.GET["q"])
        return Search(text, last_is_beginning=self.last_is_beginning)

    def among(self) -> QuerySet[Any]:
        """Return the visible pages of every type in the language that the request names."""
        narrowed = QueryDict(mutable=True)
        if "locale" in self.request.GET:
            narrowed["locale"] = self.request.GET["locale"]
        pages: Any = self.perspective.pages(Page)
        return page_filters.filter_pages(pages, narrowed, self.perspective)

    def of_types(self, pages: Any) -> Any:
        """Return those of `pages` that are of the types which the request names."""
        return pages.type(*self.models) if self.models else pages


class SearchViewSet(WordsViewSet):
    """Search the pages of all types.

    {"meta": {"total_count": 1, "counts": {"insights.InsightPage": 1}},
     "items": [{"id": 14, "title": "Zürich", "type": "insights.InsightPage", …, "meta": {…},
                "highlight": {"title": "<mark>Zürich</mark>", "excerpt": "… in <mark>Zürich</mark> …"}}]}
    """

    def list(self, request: Request) -> Response:
        """List what is found, best first, with how much of each type there is."""
        parameters.check(request.GET, SEARCH_PARAMETERS)
        limit, offset = parameters.limit_and_offset(request.GET)
        is_marked = _is_true("highlight", request.GET.get("highlight", "true"))
        among, search = self.among(), self.asked
        counts = self._counts(search, among) if search.terms else {}
        if search.terms and not counts:
            search = search.forgiving()
            counts = self._counts(search, among)
        total = sum(count for model, count in counts.items() if issubclass(model, self.wanted))
        found: list[Any] = []
        if total > offset and limit:
            ranked = Ranked(self.of_types(among), search, total)
            found = self.perspective.listed(ranked[offset : offset + limit])
        self.highlights = _Highlights(search, found) if is_marked and found else None
        return self.respond(
            {
                "meta": {
                    "total_count": total,
                    "counts": {
                        model._meta.label: count
                        for model, count in sorted(
                            counts.items(), key=lambda one: (-one[1], one[0]._meta.label)
                        )
                    },
                },
                "items": self.represent_items(found),
            }
        )

    highlights: "_Highlights | None" = None

    @property
    def wanted(self) -> tuple[type[Page], ...]:
        """The types that the request names, or all."""
        return self.models or (Page,)

    def _counts(self, search: Search, among: QuerySet[Any]) -> dict[type[Page], int]:
        """Return how much of each type is found."""
        if "locale" in self.request.GET:
            return counts_among(search, among, self.perspective)
        return counts_of_all(search, self._unseen, self.perspective)

    @cached_property
    def _unseen(self) -> tuple[int, ...] | None:
        return unseen_by(self.perspective)

    def represent_page(self, page: Page, level: Level) -> dict[str, Any]:
        """Return the form of one page, with what was found in it."""
        highlights = self.highlights
        form = super().represent_page(page, level)
        return {**form, "highlight": None if highlights is None else highlights.of(page)}


class _Highlights:
    """The titles and excerpts of pages, with marks."""

    def __init__(self, search: Search, pages: Sequence[Page]) -> None:
        self._found = Found(search.widely)
        kept = entries(Page).filter(number__in=[page.pk for page in pages])
        self._texts = dict(kept.values_list("number", "text"))

    def of(self, page: Page) -> dict[str, str]:
        """Return the highlight of one page."""
        return {
            "title": marked(page.title, self._found),
            "excerpt": excerpt(self._texts.get(page.pk, ""), self._found),
        }


class AutocompleteViewSet(WordsViewSet):
    """Complete what somebody types with the titles of pages.

    {"items": [{"title": "Zürich", "html_url": "https://www.example.org/zurich/", "type": "insights.InsightPage",
                "highlight": "<mark>Zür</mark>ich"}]}
    """

    last_is_beginning = True

    def list(self, request: Request) -> Response:
        """List pages in whose titles all words are found, the last of which may not be whole yet."""
        parameters.check(request.GET, AUTOCOMPLETE_PARAMETERS)
        # Checked as everywhere, with a default of its own.
        limit, _ = parameters.limit_and_offset(request.GET)
        limit = limit if "limit" in request.GET else min(limit, COMPLETIONS)
        search, pages = self.asked, self.of_types(self.among())
        found: Sequence[Any] = ()
        if search.terms and limit:
            found = self._completing(pages, search, limit)
            if not found:
                search = search.forgiving()
                found = self._completing(pages, search, limit)
        words = Found(search.widely)
        return self.respond({"items": [self._completion(page, words) for page in found]})

    def _completing(self, pages: Any, search: Search, limit: int) -> Sequence[Any]:
        with self.perspective.dependencies.tracking_selection():
            return self.perspective.seen(completing(pages, search, limit))

    def _completion(self, page: Page, words: Found) -> dict[str, str]:
        model = ContentType.objects.get_for_id(page.content_type_id).model_class()
        return {
            "title": page.title,
            "html_url": self.perspective.html_url(page),
            "type": (model or type(page))._meta.label,
            "highlight": marked(page.title, words),
        }


def _is_true(name: str, text: str) -> bool:
    if text not in {"true", "false"}:
        raise bad_parameter(name, f"{name} is '{text[:40]}'; it must be true or false.")
    return text == "true"
