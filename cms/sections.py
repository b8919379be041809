"""What the windows in which pages are chosen name: the sections that one works in, and what readers see of the others.

Wagtail lists all pages there, to whoever may edit one. Drafts of sections that one has no part in are not named here,
nor the titles that published pages have in their drafts.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import chooser
from wagtail.models import Page, Site
from wagtail.permissions import policy_registry

from frontend_api.visibility.perspective import Perspective

Pages = QuerySet[Page]
SEARCH = "wagtailadmin_choose_page_search"


def paths_of(user: Any) -> list[str]:
    """Return where in the tree the sections of a user begin."""
    policy = policy_registry.get_by_type(Page)
    return [page.path for page in policy.instances_with_direct_explore_permission(user)]


def is_within(page: Page, paths: list[str]) -> bool:
    """Return whether a page is in one of these sections, or above one, where one passes on the way to it."""
    return any(page.path.startswith(path) or path.startswith(page.path) for path in paths)


def nameable(pages: Any, user: Any, *, drafts: bool) -> Any:
    """Return those of `pages` that a user may be named: in their sections, and what readers see elsewhere.

    Without `drafts`, pages elsewhere of which there is a draft are left out, where it may decide what is found.
    """
    paths = paths_of(user)
    if any(Page.get_first_root_node().path == path for path in paths):
        return pages
    own = Q(depth=1)
    for path in paths:
        above = [path[:end] for end in range(Page.steplen, len(path), Page.steplen)]
        own |= Q(path__startswith=path) | Q(path__in=above)
    seen = Q()
    for site in Site.objects.select_related("root_page"):
        seen |= Q(pk__in=Perspective(site).pages().values("pk"))
    elsewhere = seen if drafts else seen & Q(has_unpublished_changes=False)
    return pages.filter(own | elsewhere if seen else own)


def in_chooser(pages: Any, request: HttpRequest) -> Any:
    """Narrow the pages of the window in which pages are chosen, and of its search, which looks through drafts."""
    match = request.resolver_match
    is_search = match is not None and match.url_name == SEARCH
    return nameable(pages, request.user, drafts=not is_search)


class SeenTitles(Column):
    """A column of titles: what a page is called where one may edit it, and what readers read elsewhere."""

    def __init__(self, column: Any, paths: list[str]) -> None:
        self.__dict__.update(column.__dict__)
        self.column, self.paths = column, paths
        self.cell_template_name = column.cell_template_name

    def get_value(self, instance: Any) -> Any:
        """Return the page, or its title, without that of its draft."""
        value = self.column.get_value(instance)
        shown = value if isinstance(value, Page) else instance
        if isinstance(shown, Page) and not is_within(shown, self.paths):
            # The cells ask the page itself.
            shown.draft_title = shown.title
            return shown if value is shown else shown.title
        return value

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        """Return what the column gives its cells, with that value."""
        value = self.get_value(instance)
        context = self.column.get_cell_context_data(instance, parent_context)
        return {**context, "value": value, "column": self.column}


class BrowseView(chooser.BrowseView):
    """The window, of what may be named."""

    @property
    def columns(self) -> list[Any]:
        """Return the columns, in which titles are those that are seen."""
        return _seen(super().columns, self.request.user)

    def get(self, request: HttpRequest, parent_page_id: int | None = None) -> HttpResponse:
        """Show the pages below another one, which has to be one that may be named."""
        pages = Page.objects.filter(pk=parent_page_id)
        if parent_page_id and not in_chooser(pages, request).exists():
            raise Http404
        response: HttpResponse = super().get(request, parent_page_id)
        return response


class SearchView(chooser.SearchView):
    """The search in it."""

    @property
    def columns(self) -> list[Any]:
        """Return the columns, in which titles are those that are seen."""
        return _seen(super().columns, self.request.user)


class ChosenMultipleView(chooser.ChosenMultipleView):
    """What was ticked in it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return what was chosen, if all of it may be named."""
        keys = {int(key) for key in request.GET.getlist("id") if key.isdecimal()}
        pages = Page.objects.filter(pk__in=keys)
        if pages.count() != nameable(pages, request.user, drafts=True).count():
            raise Http404
        response: HttpResponse = super().get(request)
        return response


def _seen(columns: list[Any], user: Any) -> list[Any]:
    paths = paths_of(user)
    kinds = chooser.PageTitleColumn | chooser.ParentPageColumn
    return [SeenTitles(one, paths) if isinstance(one, kinds) else one for one in columns]
