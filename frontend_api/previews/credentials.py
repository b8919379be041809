"""Credentials: tokens that show more than is public, and what each of them grants.

There are two kinds of our own. A *preview* belongs to an editor: for `PREVIEW_MAX_AGE` seconds it shows the page that
they are typing, as long as they stay logged in where they type it and may edit the page. A *share* is a link for
somebody without an account: it shows one page, on one site, until it expires or is revoked, or its maker may no
longer edit the page. For a model with wagtail-headless-preview's own mixin, its tokens work as well. A request sends
its token in a header, so that it appears in no address and therefore in no log::

    Authorization: Bearer preview_…

Every unusable token gets the same error, which therefore does not reveal what exists.
"""

import datetime
import logging
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core.signing import BadSignature
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Site
from wagtail_headless_preview.models import HeadlessPreviewMixin, PagePreview

from frontend_api import conf
from frontend_api.errors import BadCredential
from frontend_api.introspection import Page
from frontend_api.visibility.editable_drafts import EditableDrafts
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.revisions import UNUSABLE
from frontend_api.visibility.sites import site_of_draft
from frontend_api.visibility.translations import public_homes

from . import tokens, typed_drafts
from .published_form import complete
from .sharing import models as sharing

SCHEME = "bearer"
# How Django joins a signed value, its time and its signature, as in the tokens of wagtail-headless-preview.
SEPARATOR, PARTS = ":", 3
# Set on every response to a request that carries a token, valid or not.
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}

logger = logging.getLogger("frontend_api.credentials")


class Kind(Enum):
    """The kinds of credential: an editor's preview, and a link for somebody without an account."""

    PREVIEW = "preview"
    SHARE = "share"


@dataclass(frozen=True, eq=False)
class Credential:
    """What one token grants: one page as a draft, on its site. `user` is a preview's editor, and None for a share.

    In the preview of a snippet that belongs to the site, `content` is the snippet, and `draft` the home page.
    """

    kind: Kind
    site: Site
    draft: Page
    made_at: datetime.datetime
    user: Any = None
    content: Model | None = None

    def perspective(self) -> Perspective:
        """Return what the holder may see: public content of the site, the draft, and all drafts an editor may edit."""
        drafts = None if self.user is None else EditableDrafts(self.user)
        draft = self.draft if self.content is None else None
        return Perspective(self.site, draft=draft, drafts=drafts, content=self.content)


def given(request: HttpRequest) -> str | None:
    """Return the bearer token in the request's `Authorization` header, or None if it has none."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == SCHEME else None


def read(token: str) -> Credential:
    """Return the credential for `token`; raises `BadCredential`, always the same, if it is unknown or not valid now."""
    # A token with neither prefix is looked up as a share, so that rejecting it takes equally long.
    find = _preview if token.startswith(tokens.PREVIEW) else _share
    if find is _share and token.count(SEPARATOR) == PARTS - 1:
        find = _preview_of_mixin
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
    draft = typed_drafts.as_object(typed)
    if not isinstance(draft, Page):
        return _preview_of_content(draft, signed_at, typed.user)
    standing = complete(draft, signed_at)
    site = site_of_draft(draft)
    if site is None or not _may_preview(typed.user, draft, standing):
        return None
    return Credential(Kind.PREVIEW, site, draft, signed_at, typed.user)


def _preview_of_content(content: Any, signed_at: datetime.datetime, user: Any) -> Credential | None:
    """Return the credential for a snippet that belongs to a site; it opens at the home page in its language."""
    drafts = EditableDrafts(user)
    # Who saw it may not be allowed to any more, and it may be gone.
    stored = type(content)._default_manager.select_related("site").filter(pk=content.pk).first()
    if stored is None or not drafts.may_edit_object(stored):
        return None
    perspective = Perspective(stored.site, drafts=drafts, content=content)
    homes = public_homes(perspective)
    locale = getattr(content, "locale_id", None)
    home = next((home for home in homes if home.locale_id == locale), next(iter(homes), None))
    if home is None:
        return None
    return Credential(Kind.PREVIEW, stored.site, home, signed_at, user, content)


def _preview_of_mixin(token: str) -> Credential | None:
    """Return the credential for a token of wagtail-headless-preview's own mixin, of a model that uses no other.

    It names no editor, so that it shows one draft beside what is public.
    """
    try:
        HeadlessPreviewMixin.get_preview_signer().unsign(token, max_age=conf.preview_max_age())
    except BadSignature:
        return None
    stored = PagePreview.objects.filter(token=token).first()
    draft = stored and stored.as_page()
    # Our own previews end with the login of their editor, and are not to be gone round.
    if getattr(type(draft), "serve_preview", None) is not HeadlessPreviewMixin.serve_preview:
        return None
    made_at = timezone.now()
    complete(draft, made_at)
    site = site_of_draft(draft)
    return Credential(Kind.PREVIEW, site, draft, made_at) if site else None


def _may_preview(user: Any, draft: Page, standing: Page) -> bool:
    """Return whether the admin would show `user` a preview of `draft` now; `standing` is what `complete` returned."""
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
