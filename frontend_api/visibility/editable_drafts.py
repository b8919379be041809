"""Finds the drafts of a site that a user may edit: which pages have one, and where they are now and once published.

A page has a draft if publishing it would change something for readers: a live page with unpublished changes
(scheduled ones, too), a page that was never published, and a page that was unpublished and has been saved since. A
page that was unpublished and left alone is meant to be gone.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.dateparse import parse_datetime
from wagtail.models import PageViewRestriction, Site
from wagtail.permissions import policy_registry

from frontend_api.introspection import Page

from .roots import Root, below, paths_of


@dataclass(frozen=True)
class Draft:
    """A page that has a draft."""

    pk: int
    path: str
    url_path: str
    """The stored URL path, with the slugs that were published last."""
    slug: str
    """The slug in the draft."""
    revision: int | None
    """The id of the revision that is the draft; None if the page has no revision and its row is the draft."""
    is_live: bool
    """Whether the page is published and has not expired, regardless of the pages above it."""
    expires: datetime.datetime | None
    """When the draft would expire if it were published."""

    def is_shown(self, now: datetime.datetime) -> bool:
        """Return whether readers would see the draft if it were published."""
        return self.expires is None or self.expires > now


class EditableDrafts:
    """The drafts that `user` may edit, with the same permissions as in the admin."""

    def __init__(self, user: Any) -> None:
        self.user = user

    def pages(self, also: int | None = None) -> QuerySet[Any]:
        """Return the editable pages that have a draft; the page with the id `also` counts as having one."""
        editable = self._policy.instances_user_has_permission_for(self.user, "change")
        pages: QuerySet[Any] = editable.filter(HAS_DRAFT | Q(pk=also))
        return pages

    def may_edit(self, page: Page) -> bool:
        """Return whether the user may edit a page."""
        may: bool = self._policy.user_has_permission_for_instance(self.user, "change", page)
        return may

    def may_edit_object(self, instance: Any) -> bool:
        """Return whether the user may edit a snippet."""
        policy = policy_registry.get_by_type(type(instance))
        may: bool = policy.user_has_permission_for_instance(self.user, "change", instance)
        return may

    @staticmethod
    def has_draft(instance: Any) -> bool:
        """Return whether publishing a snippet now would change something for readers; as `HAS_DRAFT` says of pages."""
        revised_at = instance.latest_revision and instance.latest_revision.created_at
        if instance.live:
            return bool(revised_at and instance.has_unpublished_changes)
        last = instance.last_published_at
        return last is None or bool(revised_at and revised_at > last)

    @property
    def _policy(self) -> Any:
        return policy_registry.get_by_type(Page)


# An alias has no draft of its own: it shows what is published of its original.
HAS_DRAFT = Q(alias_of=None) & (
    Q(live=True, has_unpublished_changes=True, latest_revision__isnull=False)
    | Q(live=False, last_published_at__isnull=True)
    | Q(live=False, latest_revision_created_at__gt=F("last_published_at"))
)


def stored(pages: QuerySet[Any], roots: tuple[Root, ...], now: datetime.datetime) -> list[Draft]:
    """Return the drafts of those `pages` that the site with these `roots` may show.

    A page with a view restriction of its own and the home page of another site would not be seen even if published.
    """
    restrictions = PageViewRestriction.objects.filter(page=OuterRef("pk"))
    other_sites = Site.objects.filter(root_page=OuterRef("pk")).exclude(
        root_page__in=[root.pk for root in roots]
    )
    rows: Iterable[Any] = (
        pages.filter(~Exists(restrictions), ~Exists(other_sites), below(paths_of(roots)))
        .order_by("path")
        .values_list(
            "pk",
            "path",
            "url_path",
            "slug",
            "latest_revision",
            "live",
            "expire_at",
            KeyTextTransform("slug", "latest_revision__content"),
            KeyTextTransform("expire_at", "latest_revision__content"),
        )
    )
    return [
        Draft(
            pk=pk,
            path=path,
            url_path=url_path,
            slug=draft_slug or slug,
            revision=revision,
            is_live=live and (expires is None or expires > now),
            expires=expires if revision is None else _time(draft_expires),
        )
        for pk, path, url_path, slug, revision, live, expires, draft_slug, draft_expires in rows
    ]


def _time(text: str | None) -> datetime.datetime | None:
    try:
        # One database returns a JSON null as the word `null`.
        return parse_datetime(text or "")
    except ValueError:
        return None
