"""Overlays the pages in the database with the drafts that a reader may see.

Some pages are replaced by their drafts, some appear although the public does not see them, and some have another
path, because a draft changes their own slug or one above them.
"""

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from frontend_api.introspection import Page

from .editable_drafts import EditableDrafts, stored
from .revisions import pages_of
from .roots import Root, paths_of

logger = logging.getLogger("frontend_api.overlay")


class DraftOverlay:
    """The drafts below the homes of one site that a request sees: `page` as it is in memory, and all of `drafts`."""

    def __init__(
        self, roots: tuple[Root, ...], page: Page | None, drafts: EditableDrafts | None
    ) -> None:
        self._homes = set(paths_of(roots))
        self.page = page
        now = self._now = timezone.now()
        pk = page.pk if page else None
        pages = drafts.pages(also=pk) if drafts else Page.objects.filter(pk=pk)
        found = stored(pages, roots, now) if drafts or pk else []
        self._drafts = {draft.pk: draft for draft in found}
        self._rows: dict[int, Page] = {}
        self._made: dict[int, Page | None] = {pk: page} if page and pk else {}
        self._slugs = self._changed_slugs()
        # A single draft, such as a shared one, reveals nothing else that is not public, not even pages below it.
        shown = {draft for draft in found if drafts and (draft.pk == pk or draft.is_shown(now))}
        self._shown_paths = {draft.path for draft in shown}
        self._gone_paths = {draft.path for draft in found if drafts and draft not in shown}
        self.added = tuple(sorted(draft.pk for draft in shown if not draft.is_live))
        """The ids of unpublished pages that are shown as drafts."""

    def hidden(self, published: Iterable[str]) -> Sequence[str]:
        """Return the tree paths at or below which nothing is seen; `published` are those for the public.

        An unpublished section hides what is below it unless its draft is shown. A draft that is not shown, because it
        has expired, hides its page and all below it.
        """
        return sorted({*published} - self._shown_paths | self._gone_paths)

    def seen(self, pages: Iterable[Page]) -> list[Page]:
        """Return the pages as the reader sees them, each replaced by its draft if it has one."""
        rows = list(pages)
        missing = {
            draft.revision: row
            for row in rows
            if (draft := self._drafts.get(row.pk)) and draft.pk not in self._made
            if draft.revision is not None
        }
        if missing:
            self._rows.update((row.pk, row) for row in missing.values())
            made = pages_of(missing)
            self._made.update((row.pk, made.get(revision)) for revision, row in missing.items())
        return [self._made.get(row.pk) or row for row in rows]

    def named(
        self, found: list[Page], model: type[Page], *, ids: list[int], paths: list[str]
    ) -> list[Page]:
        """Return `found`, the pages with these ids or tree paths, as seen, plus the page in memory if it matches."""
        seen, page = self.seen(found), self.page
        if (
            isinstance(page, model)
            and page.pk
            and (page.pk in ids or page.path in paths)
            and page not in seen
        ):
            seen.append(page)
        return seen

    def given_up(self, page: Any, error: Exception) -> Page | None:
        """Stop showing the draft `page`, which caused `error`, and return the stored page in its place.

        Returns None if `page` is the page in memory, or no draft at all: there is nothing to fall back on.
        """
        if page is self.page or not self.holds(page):
            return None
        logger.warning(
            "The draft of page %s cannot be shown; the page is shown as it is stored.",
            page.pk,
            exc_info=error,
        )
        self._made[page.pk] = None
        stored: Page = self._rows[page.pk].specific
        return stored

    def holds(self, instance: Any) -> bool:
        """Return whether `instance` is a draft in memory."""
        return isinstance(instance, Page) and (
            instance is self.page or self._made.get(instance.pk) is instance
        )

    def is_draft(self, page: Page) -> bool:
        """Return whether a page, as seen, is a draft."""
        # If a draft cannot be used, its page is shown as stored; for an unpublished page, that is a draft, too.
        return self.holds(page) or page.pk in self.added

    def is_live(self, page: Page) -> bool:
        """Return whether a page is published and has not expired, regardless of the pages above it."""
        if page.pk in self._drafts:
            return self._drafts[page.pk].is_live
        has_expired = page.expire_at is not None and page.expire_at <= self._now
        return page.pk is not None and page.live and not has_expired

    def url_path(self, path: str, stored_path: str) -> str:
        """Return `stored_path`, the URL path of the page at the tree path `path`, with the slugs of drafts."""
        if not self._slugs:
            return stored_path
        parts = stored_path.split("/")
        for end in range(2 * Page.steplen, len(path) + 1, Page.steplen):
            # The first step is the root of all pages, which has no slug in a URL path.
            place = end // Page.steplen - 1
            if path[:end] in self._slugs and place < len(parts) - 1:
                parts[place] = self._slugs[path[:end]]
        return "/".join(parts)

    def stored_paths(self, url_path: str) -> set[str]:
        """Return the URL paths that the database may have for the page seen at `url_path`."""
        found = {url_path}
        for draft in self._drafts.values():
            if draft.path in self._slugs:
                seen = self.url_path(draft.path, draft.url_path)
                if url_path.startswith(seen):
                    found.add(draft.url_path + url_path[len(seen) :])
        return found

    def _changed_slugs(self) -> dict[str, str]:
        """Return the changed slugs by tree path; the home page is left out, as it is at "/" whatever its slug is."""
        slugs = {draft.pk: draft.slug for draft in self._drafts.values()}
        if self.page and self.page.pk in slugs:
            slugs[self.page.pk] = self.page.slug
        return {
            draft.path: slugs[draft.pk]
            for draft in self._drafts.values()
            if slugs[draft.pk] != draft.url_path.rstrip("/").rpartition("/")[2]
            and draft.path not in self._homes
        }
