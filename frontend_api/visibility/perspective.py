"""Who may see what; with the queries of `visibility`, the only place that reads `live`, expiry and view restrictions.

A request has one `Perspective`. Everything that the API shows or names comes out of its querysets, and filters
only narrow them, so that there is one place where something private could leak, and one place to look.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import (
    Model,
    QuerySet,
)
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.embeds.models import Embed
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from frontend_api.changes.tags import table
from frontend_api.changes.versions import State
from frontend_api.dependencies import memo
from frontend_api.dependencies.memo import facts
from frontend_api.dependencies.tracker import Dependencies, current
from frontend_api.introspection import has_drafts, page_types

from . import queries, specific_pages
from .compiled_query import is_filtered
from .draft_overlay import DraftOverlay
from .editable_drafts import EditableDrafts
from .related_rows import RelatedRows
from .related_rows_query import fetch as fetch_related_rows


@dataclass(eq=False)
class Perspective:
    """What one request may see: the public content of one site and, in a preview, drafts of it.

    `draft` is one page that stands as it is in memory, wherever it is named. With `drafts`, all pages that somebody may
    edit stand as their drafts, as if these were published: what hides a published page hides a draft, too.
    """

    site: Site
    draft: Page | None = None
    drafts: EditableDrafts | None = None
    dependencies: Dependencies = field(default_factory=lambda: current() or Dependencies())
    """What the response was made of, which all that reads for it adds to."""
    plans: dict[Any, Any] = field(default_factory=dict)
    """The forms that objects of each kind were shown in so far; see `representation`."""

    @cached_property
    def state(self) -> State | None:
        """Where the change log stands before anything is read; see `remembered`."""
        return memo.settled_state()

    @cached_property
    def draft_overlay(self) -> DraftOverlay | None:
        """What is seen in place of what is published; None for the public."""
        if self.draft is None and self.drafts is None:
            return None
        self.dependencies.never_cache("It shows drafts.")
        return DraftOverlay(self.site, self.draft, self.drafts)

    @cached_property
    def _hidden(self) -> dict[str, tuple[str, ...]]:
        """The places in the trees of pages and of collections at or below which nothing may be seen."""
        if self.draft_overlay is None:
            return self._hidden_from_public
        pages = self.draft_overlay.hidden(self._hidden_from_public["pages"])
        return {**self._hidden_from_public, "pages": tuple(pages)}

    @cached_property
    def _hidden_from_public(self) -> dict[str, tuple[str, ...]]:
        root = self.site.root_page
        key = "hidden", root.path, root.pk
        known = facts.recall(key, self.state)
        if known is None:
            found_now = Dependencies()
            with self.dependencies.untracked(), found_now.tracking():
                places = _hidden_now(root, found_now)
            facts.keep(key, places, self.state, found_now)
            until = found_now.until
        else:
            places, until = known.value, known.validity.until
        # Whatever changes these makes everything old, and nothing that is rendered now outlives the next page that
        # expires.
        self.dependencies.holds_until(until)
        return places

    def pages(self, model: type[Page] = Page) -> Any:
        """Return the pages of `model` that may be seen.

        They are of this site, and they and all above them, up to its home, are live, not expired and not restricted.
        """
        added = self.draft_overlay.added if self.draft_overlay else ()
        place = self.site.root_page.path, self._hidden["pages"]
        return queries.visible(model, *place, timezone.now(), added).select_related("locale")

    def seen(self, pages: Iterable[Page]) -> list[Any]:
        """Return pages, out of a queryset of this perspective, as they are seen: a draft in place of what is stored."""
        return self.draft_overlay.seen(pages) if self.draft_overlay else list(pages)

    def images(self) -> QuerySet[Any]:
        """Return the images of public collections."""
        return self._in_public_collections(get_image_model())

    def documents(self) -> QuerySet[Any]:
        """Return the documents of public collections."""
        return self._in_public_collections(get_document_model())

    def _in_public_collections(self, model: type[Model]) -> QuerySet[Any]:
        return self._objects(model, self._hidden["collections"])

    def _objects(self, model: type[Model], hidden: tuple[str, ...] = ()) -> QuerySet[Any]:
        now = timezone.now()
        self._holds_until_next_expiry(model, now)
        return queries.visible_objects(model, hidden, now)

    def _holds_until_next_expiry(self, model: type[Model], now: datetime) -> None:
        """Record when the next object of a model with drafts expires, be it one of those that are shown or not."""
        if not has_drafts(model):
            return
        key = "expiry", model
        known = facts.recall(key, self.state)
        if known is None:
            found_now = Dependencies()
            with (
                self.dependencies.untracked(),
                found_now.tracking(),
                found_now.tracking_selection(),
            ):
                until = queries.next_expiry(model, now).first()
            found_now.holds_until(until)
            facts.keep(key, until, self.state, found_now)
            self.dependencies.tags |= found_now.tags
        else:
            until = known.validity.until
            self.dependencies.tags.update(known.validity.tags)
        self.dependencies.holds_until(until)

    def has_privacy(self, model: type[Model]) -> bool:
        """Tell whether objects of `model` may be invisible: pages, media, drafts, what its own manager leaves out."""
        in_trees = issubclass(model, Page | get_image_model() | get_document_model())
        return in_trees or has_drafts(model) or is_filtered(model)

    def objects(self, model: type[Model]) -> QuerySet[Any]:
        """Return the objects of any model that may be seen; of snippets with drafts, those that are published."""
        if issubclass(model, Page):
            pages: QuerySet[Any] = self.pages(model)
            return pages
        if issubclass(model, get_image_model()):
            return self.images()
        if issubclass(model, get_document_model()):
            return self.documents()
        return self._objects(model)

    def specific_pages(
        self, keys: Iterable[int], paths: Iterable[str] = (), model: Any = Page
    ) -> list[Page]:
        """Return the visible pages with these ids or places in the tree as their own types."""
        keys, paths = list(keys), list(paths)
        # What cannot be seen may be one day. A place in the tree that is asked for is above a page that can be.
        self.dependencies.add_objects(Page, keys)
        with self._untracked(model):
            found = self._specific_pages(keys, paths, model)
        for page in found:
            self.dependencies.add_page(page)
        return found

    def _specific_pages(self, keys: list[int], paths: list[str], model: Any) -> list[Page]:
        place, now = (self.site.root_page.path, self._hidden["pages"]), timezone.now()
        added = self.draft_overlay.added if self.draft_overlay else ()
        wanted: dict[str, Any] = {"ids": keys, "paths": paths}
        if len(page_types(model)) > specific_pages.MOST_TYPES:
            visible: Any = queries.visible(model, *place, now, added)
            found = list(visible.filter(queries.among(**wanted)).order_by().specific())
        else:
            kept = queries.draft_query if added else queries.page_query
            compiled = kept.__wrapped__ if is_filtered(model) else kept
            found = compiled(model, *place, added).fetch(**wanted, now=now)
        return self.draft_overlay.named(found, model, **wanted) if self.draft_overlay else found

    def by_key(self, model: Any, keys: Iterable[Any]) -> dict[Any, Any]:
        """Return the visible objects of `model`, which is none of pages, among `keys`."""
        in_collections = issubclass(model, get_image_model() | get_document_model())
        hidden = self._hidden["collections"] if in_collections else ()
        compiled = queries.object_query.__wrapped__ if is_filtered(model) else queries.object_query
        keys, now = list(keys), timezone.now()
        self.dependencies.add_objects(model, keys)
        self._holds_until_next_expiry(model, now)
        with self._untracked(model):
            found = compiled(model, hidden).fetch(keys=keys, now=now)
        return {obj.pk: obj for obj in found}

    def related_rows(
        self, asked: dict[RelatedRows, set[Any]]
    ) -> dict[RelatedRows, dict[Any, list[Any]]]:
        """Return rows that belong to parents, by what they are and the parent's key; none of them is left out."""
        with self.dependencies.untracked():
            found = fetch_related_rows(asked)
        for kind, by_parent in found.items():
            self.dependencies.add_objects(kind.parent_field.related_model, by_parent)
            if not kind.is_part:
                self.dependencies.tags.add(table(kind.model))
            if kind.joined:
                key: Any = kind.model._meta.get_field(kind.joined)
                for rows in by_parent.values():
                    chosen = {getattr(row, key.attname) for row in rows} - {None}
                    self.dependencies.add_objects(kind.joined_model, chosen)
        return found

    def embeds(self, hashes: list[str]) -> list[Embed]:
        """Return what is stored of embedded media, by Wagtail's hashes of their addresses: everybody sees all of it."""
        found: list[Embed] = queries.stored_embeds().fetch(hashes=hashes)
        return found

    def _untracked(self, model: Any) -> AbstractContextManager[None]:
        """Leave out of the record what a query by key reads, unless a manager of the model's own reads more."""
        return nullcontext() if is_filtered(model) else self.dependencies.untracked()

    def listed(self, objects: Iterable[Any]) -> list[Any]:
        """Return what a queryset or a search finds, all of which is then represented.

        By that the response is known to depend on which objects are found and in which order, and not on the rest of
        their tables.
        """
        with self.dependencies.tracking_selection():
            return list(objects)

    def holds_in_memory(self, instance: Model) -> bool:
        """Tell whether `instance` is a draft, whose children and choices are not what the database has."""
        return self.draft_overlay is not None and self.draft_overlay.holds(instance)

    def path(self, page: Page) -> str:
        """Return the path of `page` on its site's frontend, such as `/programmes/a-slug/`."""
        self.dependencies.add_page(page)
        if page.path == self.site.root_page.path:
            # A site's home is at "/", whatever slug a draft of it has.
            return "/"
        url_path: str = page.url_path
        if self.draft_overlay is not None:
            url_path = self.draft_overlay.url_path(page.path, url_path)
        return "/" + url_path[len(self.site.root_page.url_path) :]

    def html_url(self, page: Page) -> str:
        """Return the address of `page` on its site's frontend."""
        return f"{self.site.root_url}{self.path(page)}"

    def at_path(self, path: str) -> Page | None:
        """Return the visible page at a normalised path (`/`, `/a/b/`) as its own type, or None."""
        url_path = self.site.root_page.url_path + path.lstrip("/")
        if self.draft_overlay is not None:
            return self._at_path_of_draft(path, url_path)
        # A page that has the path is known by it until it loses it.
        with self.dependencies.untracked():
            key = self.pages().filter(url_path=url_path).values_list("pk", flat=True).first()
        return next(iter(self.specific_pages([key])), None) if key else None

    def _at_path_of_draft(self, path: str, url_path: str) -> Page | None:
        """Return what is seen at a path where drafts have paths of their own."""
        if self.draft is not None and self.path(self.draft) == path:
            return self.draft
        stored = self.draft_overlay.stored_paths(url_path) if self.draft_overlay else ()
        candidates = self.pages().filter(url_path__in=stored).order_by("pk")
        keys = [page.pk for page in candidates if self.path(page) == path]
        return next(iter(self.specific_pages(keys[:1])), None) if keys else None

    def is_public(self, page: Page) -> bool:
        """Tell whether the public sees `page` too, be it in another form."""
        if self.draft_overlay is None:
            return True
        hidden = self._hidden_from_public["pages"]
        return self.draft_overlay.is_live(page) and not page.path.startswith(hidden)


def _hidden_now(root: Page, dependencies: Dependencies) -> dict[str, tuple[str, ...]]:
    """Return what hides, found anew; `record` is told what that depends on."""
    hidden = queries.hidden_places(root.path, root.pk)
    with dependencies.tracking_selection():
        rows = hidden.rows(now=timezone.now())
    for row in rows:
        if row[0] == queries.EXPIRY:
            dependencies.holds_until(hidden.converted(row, (2,))[0])
    return queries.places_hidden(root.path, rows)
