"""What shows more than is public: a token, and what it gives.

There is one type of credential, of two kinds. A *preview* is an editor's: it shows the page that they are typing, for
`PREVIEW_MAX_AGE`, while they are logged in where they type it and may edit the page. A *share* is a link for somebody
without an account: it shows one page, on one site, until it expires, is revoked, or its maker may no longer edit the
page. A request gives its credential in a header, which is in no address and so in no log::

    Authorization: Bearer preview_…

Whatever is wrong with one, the answer is the same, so that it tells nobody what there is.
"""

import datetime
import logging
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page, Site

from frontend_api.errors import BadCredential
from frontend_api.visibility.editable_drafts import EditableDrafts
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.revisions import UNUSABLE
from frontend_api.visibility.sites import site_of_draft

from . import tokens, typed_drafts
from .published_form import complete
from .sharing import models as sharing

SCHEME = "bearer"
# On every answer to a request that gave a credential, whether or not it was any good.
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}

logger = logging.getLogger("frontend_api.credentials")


class Kind(Enum):
    """Who a credential is for."""

    PREVIEW = "preview"
    SHARE = "share"


@dataclass(frozen=True, eq=False)
class Credential:
    """What one token gives: a page in its draft form, on its site. `user` is the editor of a preview."""

    kind: Kind
    site: Site
    draft: Page
    made_at: datetime.datetime
    user: Any = None

    def perspective(self) -> Perspective:
        """Return what the holder may see: what is public on the site, the draft, and an editor's other drafts."""
        drafts = None if self.user is None else EditableDrafts(self.user)
        return Perspective(self.site, draft=self.draft, drafts=drafts)


def given(request: HttpRequest) -> str | None:
    """Return the token that a request gives in its header, or None; another scheme than ours is none of ours."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == SCHEME else None


def read(token: str) -> Credential:
    """Return what `token` gives; raises `BadCredential`, always the same, if that is nothing or no longer anything."""
    # One that begins like neither is looked up like a share, so that it takes as long.
    find = _preview if token.startswith(tokens.PREVIEW) else _share
    try:
        credential = find(token)
    except UNUSABLE:
        logger.warning("The stored draft of a credential cannot be used.", exc_info=True)
        credential = None
    if credential is None:
        raise BadCredential
    return credential


def _preview(token: str) -> Credential | None:
    found = typed_drafts.find(token)
    if found is None:
        return None
    typed, signed_at = found
    if not typed.is_logged_in:
        return None
    draft = typed_drafts.as_page(typed)
    standing = complete(draft, signed_at)
    site = site_of_draft(draft)
    if site is None or not _may_preview(typed.user, draft, standing):
        return None
    return Credential(Kind.PREVIEW, site, draft, signed_at, typed.user)


def _may_preview(user: Any, draft: Page, standing: Page) -> bool:
    """Tell whether the admin would show `user` a preview of `draft` now; `standing` is what stands in the tree."""
    permissions = standing.permissions_for_user(user)
    if draft.pk is None:
        return bool(permissions.can_add_subpage())
    return bool(permissions.can_edit() or permissions.can_publish())


def _share(token: str) -> Credential | None:
    shared = sharing.find(token)
    if shared is None:
        return None
    draft = shared.draft()
    standing = complete(draft, shared.created_at)
    if site_of_draft(draft) != shared.site or not shared.maker_may_edit(standing):
        return None
    shared.note_opening()
    return Credential(Kind.SHARE, shared.site, draft, shared.created_at)
