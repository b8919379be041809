"""Completes a draft as publishing would: with its place in the tree, its path, its locale and its dates."""

import datetime

from frontend_api.introspection import Page


def complete(draft: Page, made_at: datetime.datetime) -> Page:
    """Set on `draft` what publishing would set, and return the page that stands in the tree for it now.

    That is the stored page or, for a page that was never saved, its parent; raises `Page.DoesNotExist` if it is gone.
    `made_at` stands in for publication dates that are missing.
    """
    if draft.pk is None:
        standing = draft.get_parent()
        if standing is None:
            raise Page.DoesNotExist
        parent = standing
    else:
        standing = Page.objects.get(pk=draft.pk)
        # The page may have been moved or published since the draft was made.
        for name in ("path", "depth", "numchild", "last_published_at"):
            setattr(draft, name, getattr(standing, name))
        draft.first_published_at = draft.first_published_at or standing.first_published_at
        parent = draft.get_parent(update=True) if draft.depth > 1 else None
    if parent is not None:
        draft.set_url_path(parent)
        if draft.locale_id is None:
            draft.locale_id = parent.locale_id
    draft.first_published_at = draft.first_published_at or made_at
    draft.last_published_at = draft.last_published_at or made_at
    return standing
