"""Decides who may see what; only the `visibility` package reads `live`, expiry and view restrictions for that.

A request has one `Perspective`. Everything that the API shows or names comes from its querysets, and filters only
narrow them, so there is only one place where something private could leak, and one place to check.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.embeds.models import Embed
from wagtail.images import get_image_model
from wagtail.models import Site

from frontend_api.changes.tags import table
from frontend_api.changes.versions import State
from frontend_api.dependencies import memo
from frontend_api.dependencies.memo import facts
from frontend_api.dependencies.tracker import Dependencies, current
from frontend_api.introspection import Page, has_drafts, page_types

from . import queries, specific_pages
from .compiled_query import is_filtered
from .counting import Counting
from .draft_overlay import DraftOverlay
from .editable_drafts import EditableDrafts
from .related_rows import RelatedRows
from .related_rows_query import fetch as fetch_related_rows
from .roots import Root, known_roots, paths_of, root_of


@dataclass(eq=False)
class Perspective(Counting):
    """What one request may see: the public content of one site and, in a preview, drafts of it.

    `draft` is a single page that is shown as it is in memory, wherever it is named. With `drafts`, all pages that its
    user may edit are shown as their drafts, as if these were published: what hides a published page hides a draft,
    too.
    """

    site: Site
    draft: Page | None = None
    drafts: EditableDrafts | None = None
    content: Model | None = None
    """A snippet of the site that is shown as it is in memory, in a preview of it."""
    dependencies: Dependencies = field(default_factory=lambda: current() or Dependencies())
    """What the response depends on; everything that reads for it adds to this."""
    rich_text_format: str = "html"
    """How rich text is written: `html` or `markdown`."""
    link_base: str = ""
    """What is put before the paths of links in texts, such as `https://www.example.org`; nothing for paths alone."""
    context: Mapping[str, Any] = field(default_factory=dict)
    """What serialisers and blocks of the project find in their `context`, as in Wagtail's v2 API: `request`, `view`."""
    missing_renditions: set[tuple[Any, str]] = field(default_factory=set)
    """The renditions that the project's own code asked for and that are not there, by image and filter spec."""
    plans: dict[Any, Any] = field(default_factory=dict)
    """The plans by which this request has represented objects so far; see `serialization.objects.represent`."""
    _held: list[Model] = field(default_factory=list)

    @cached_property
    def state(self) -> State | None:
        """Where the change log stood before anything was read, or None; see `memo.settled_state`."""
        return memo.settled_state()

    @cached_property
    def draft_overlay(self) -> DraftOverlay | None:
        """The drafts that replace published pages; None for the public."""
        if self.draft is None and self.drafts is None:
            return None
        self.dependencies.never_cache("It shows drafts.")
        return DraftOverlay(self.roots, self.draft, self.drafts)

    @cached_property
    def roots(self) -> tuple[Root, ...]:
        """The home pages of the site, the first of which is its own; the others are in other languages."""
        # Of homes that are drafts themselves, the log does not tell; readers do not see them anyway.
        state = self.state if self.draft is None and self.drafts is None else None
        return known_roots(self.site, state, self.dependencies)

    @cached_property
    def _hidden(self) -> dict[str, tuple[str, ...]]:
        """The tree paths of `pages` and `collections` at or below which nothing may be seen."""
        if self.draft_overlay is None:
            return self._hidden_from_public
        pages = self.draft_overlay.hidden(self._hidden_from_public["pages"])
        return {**self._hidden_from_public, "pages": tuple(pages)}

    @cached_property
    def _hidden_from_public(self) -> dict[str, tuple[str, ...]]:
        key = "hidden", self.roots
        known = facts.recall(key, self.state)
        if known is None:
            found_now = Dependencies()
            with self.dependencies.untracked(), found_now.tracking():
                places = queries.hidden_now(self.roots, found_now)
            facts.keep(key, places, self.state, found_now)
            until = found_now.until
        else:
            places, until = known.value, known.validity.until
        self._next_expiry = until
        # No tags are added, because a change to these places is logged with tags for everything that it affects. But
        # nothing rendered now may outlive the next page that expires.
        self.dependencies.holds_until(until)
        return places

    def pages(self, model: type[Page] = Page) -> Any:
        """Return a queryset of the pages of `model` that may be seen.

        They belong to this site, and they and all pages above them, up to its home, are live, not expired and not
        restricted.
        """
        added = self.draft_overlay.added if self.draft_overlay else ()
        place = paths_of(self.roots), self._hidden["pages"]
        if self._is_counting and (unseen := self._unseen(model)) is not None:
            return self._quickly_counted(model, unseen)
        return queries.visible(model, *place, timezone.now(), added).select_related("locale")

    def seen(self, pages: Iterable[Page]) -> list[Any]:
        """Return pages from a queryset of this perspective as they are seen: as their drafts where there are any."""
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
        """Note when the next object of `model` expires, whether it is shown or not, if the model has drafts."""
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
        """Return whether objects of `model` may be hidden: pages, media, drafts, or what its manager leaves out."""
        in_trees = issubclass(model, Page | get_image_model() | get_document_model())
        return in_trees or has_drafts(model) or is_filtered(model)

    def objects(self, model: type[Model]) -> QuerySet[Any]:
        """Return the visible objects of any model; for snippets with drafts, the published ones."""
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
        """Return the visible pages with these ids or tree paths, as their specific types."""
        keys, paths = list(keys), list(paths)
        # Pages that cannot be seen now may be seen one day. Paths need no such note: they are those of pages above
        # visible ones.
        self.dependencies.add_objects(Page, keys)
        with self._untracked(model):
            found = self._specific_pages(keys, paths, model)
        for page in found:
            self.dependencies.add_page(page)
        return found

    def _specific_pages(self, keys: list[int], paths: list[str], model: Any) -> list[Page]:
        place, now = (paths_of(self.roots), self._hidden["pages"]), timezone.now()
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
        """Return the visible objects of `model` with these keys, by key; `model` must not be a page type."""
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
        """Return all rows as `{kind: {parent key: [row, …]}}`, whether or not they may be seen."""
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
        """Return the stored embeds with these hashes, which Wagtail makes from their URLs; all embeds are public."""
        found: list[Embed] = queries.stored_embeds().fetch(hashes=hashes)
        return found

    def _untracked(self, model: Any) -> AbstractContextManager[None]:
        """Return a context for queries by key: untracked, unless the manager of `model` filters and may read more."""
        return nullcontext() if is_filtered(model) else self.dependencies.untracked()

    def listed(self, objects: Iterable[Any]) -> list[Any]:
        """Return what a queryset or a search finds; the caller must represent all of it.

        The response then depends on which objects are found and in which order, and not on the rest of their tables.
        """
        with self.dependencies.tracking_selection():
            return list(objects)

    def holds_in_memory(self, instance: Model) -> bool:
        """Return whether `instance` is in memory only, so that its children and choices differ from the database."""
        if instance is self.content or any(instance is held for held in self._held):
            return True
        return self.draft_overlay is not None and self.draft_overlay.holds(instance)

    def hold(self, instance: Model) -> None:
        """Note that an object other than a page, such as a draft of a snippet, is in memory only."""
        self._held.append(instance)

    def path(self, page: Page) -> str:
        """Return the path of `page` on its site's frontend, such as `/programmes/a-slug/`."""
        self.dependencies.add_page(page)
        return self.path_at(page.path, page.url_path)

    def path_at(self, place: str, url_path: str) -> str:
        """Return the path of the page at a place in the tree, for a caller that notes what its answer depends on."""
        root = root_of(self.roots, place)
        if place == root.path:
            # Even if a draft changes its slug.
            return root.prefix
        if self.draft_overlay is not None:
            url_path = self.draft_overlay.url_path(place, url_path)
        return root.path_of(url_path)

    def html_url(self, page: Page) -> str:
        """Return the URL of `page` on its site's frontend."""
        return f"{self.site.root_url}{self.path(page)}"

    def is_public(self, page: Page) -> bool:
        """Return whether the public sees `page` too, even if not as this draft."""
        if self.draft_overlay is None:
            return True
        hidden = self._hidden_from_public["pages"]
        return self.draft_overlay.is_live(page) and not page.path.startswith(hidden)
