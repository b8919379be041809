"""Who may see what: the only module that reads `live`, expiry, view restrictions and drafts.

A request has one `Perspective`. Everything that the API shows or names comes out of its querysets, and filters
only narrow them, so that there is one place where something private could leak, and one place to look.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Left
from django.db.models.lookups import In
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, Page, Site

from .errors import bad_parameter


@dataclass(eq=False)
class Perspective:
    """What one request may see: the public content of one site and, in a preview, one draft of it."""

    site: Site
    draft: Page | None = None

    @cached_property
    def _hidden_branches(self) -> list[str]:
        # Nobody is logged in here: each kind of restriction (password, login, groups) hides a page alike, and with it
        # all that is below. So does a page that is not live: the address of what is below it has its slug. A page
        # that another site starts at belongs to that site's frontend.
        root = self.site.root_page
        not_live = Q(live=False) | Q(expire_at__lte=timezone.now())
        another_site = Q(sites_rooted_here__isnull=False) & ~Q(pk=root.pk)
        # Most drafts have nothing below them, and hide themselves by `live`. The tree's own count of children is
        # written back by whoever saves a page, and may be too old to rely on.
        below = Page.objects.filter(
            path__gt=OuterRef("path"), path__lt=Concat(OuterRef("path"), Value("ZZZZZ"))
        )
        hidden = Page.objects.filter(
            Q(view_restrictions__isnull=False)
            | Q(path__startswith=root.path) & (not_live & Exists(below) | another_site)
        )
        return list(hidden.distinct().values_list("path", flat=True))

    @cached_property
    def _restricted_collections(self) -> list[int]:
        paths = CollectionViewRestriction.objects.values_list("collection__path", flat=True)
        restricted = Collection.objects.filter(_at_or_below(paths)) if paths else ()
        return [collection.pk for collection in restricted]

    def pages(self, model: type[Page] = Page) -> Any:
        """Return the pages of `model` that may be seen.

        They are of this site, and they and all above them, up to its home, are live, not expired and not restricted.
        """
        pages = model._default_manager.filter(
            Q(expire_at__isnull=True) | Q(expire_at__gt=timezone.now()),
            live=True,
            path__startswith=self.site.root_page.path,
        )
        return (
            pages.exclude(_at_or_below(self._hidden_branches)) if self._hidden_branches else pages
        )

    def images(self) -> QuerySet[Any]:
        """Return the images of public collections."""
        return self._in_public_collections(get_image_model())

    def documents(self) -> QuerySet[Any]:
        """Return the documents of public collections."""
        return self._in_public_collections(get_document_model())

    def _in_public_collections(self, model: type[Model]) -> QuerySet[Any]:
        items = model._default_manager.all()
        if self._restricted_collections:
            items = items.exclude(collection__in=self._restricted_collections)
        return items

    def objects(self, model: type[Model]) -> QuerySet[Any]:
        """Return the objects of any model that may be seen; a snippet has no privacy of its own."""
        if issubclass(model, Page):
            return self.pages(model)
        if issubclass(model, get_image_model()):
            return self.images()
        if issubclass(model, get_document_model()):
            return self.documents()
        return model._default_manager.all()

    def specific_pages(self, keys: Iterable[int]) -> dict[int, Page]:
        """Return the visible pages among `keys` as their own types, in one query and one more for each type."""
        return {page.pk: page for page in self.pages().filter(pk__in=keys).specific()}

    def holds_in_memory(self, instance: Model) -> bool:
        """Tell whether `instance` is the draft, whose children and choices are not what the database has."""
        return instance is self.draft

    def path(self, page: Page) -> str:
        """Return the path of `page` on its site's frontend, such as `/programmes/a-slug/`."""
        if page.path == self.site.root_page.path:
            # A site's home is at "/", whatever slug a draft of it has.
            return "/"
        return "/" + page.url_path[len(self.site.root_page.url_path) :]

    def html_url(self, page: Page) -> str:
        """Return the address of `page` on its site's frontend."""
        return self.site.root_url + self.path(page)

    def at_path(self, path: str) -> Page | None:
        """Return the visible page at a normalised path (`/`, `/a/b/`) as its own type, or None."""
        url_path = self.site.root_page.url_path + path.lstrip("/")
        page = self.pages().filter(url_path=url_path).first()
        return page.specific if page else None


def _at_or_below(paths: Iterable[str]) -> Q:
    """Return the condition that a node of a tree is at or below one of `paths`.

    It has one term for each depth, however many paths there are: databases limit how deep a condition nests.
    """
    by_length: dict[int, list[str]] = defaultdict(list)
    for path in paths:
        by_length[len(path)].append(path)
    condition = Q()
    for length, found in by_length.items():
        condition |= Q(In(Left("path", length), found))
    return condition


def site_named(name: str | None) -> Site:
    """Return the site with the name `hostname[:port]`, or the default one for None.

    Raises a bad-parameter problem when there is no such site, or when several share the hostname.
    """
    sites = Site.objects.select_related("root_page")
    if name is None:
        site = sites.filter(is_default_site=True).first()
        if site is None:
            raise bad_parameter(
                "site", "There is no default site; name one with site=hostname[:port]."
            )
        return site
    hostname, _, port = name.lower().partition(":")
    candidates = sites.filter(hostname__iexact=hostname)
    if port:
        if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
            raise bad_parameter("site", "The port in site is not a number between 1 and 65535.")
        candidates = candidates.filter(port=int(port))
    found = list(candidates[:2])
    if not found:
        raise bad_parameter("site", "There is no site with the name that site gives.")
    if len(found) > 1:
        raise bad_parameter(
            "site", "Several sites have that hostname; add the port, as in site=hostname:port."
        )
    return found[0]


def site_of_draft(page: Page) -> Site | None:
    """Return the site that a draft belongs to, by its place in the tree, or None outside of every site."""
    sites = Site.objects.select_related("root_page").order_by(
        "-root_page__depth", "-is_default_site", "pk"
    )
    return next((site for site in sites if page.path.startswith(site.root_page.path)), None)
