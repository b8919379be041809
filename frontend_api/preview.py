"""`preview/`: a draft that an editor has not saved, in exactly the shape of `pages/{id}/`.

wagtail-headless-preview stores the draft and hands its token to the frontend; the token is checked here.
"""

import datetime
import logging
from functools import cached_property
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.signing import b62_decode
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.models import Page
from wagtail_headless_preview.models import HeadlessPreviewMixin

from . import parameters
from .errors import bad_parameter
from .perspective import Perspective, site_of_draft
from .rendition_tasks import enqueue_missing
from .renditions import pictures_named
from .representation import represent
from .views import ApiView

PARAMETERS = frozenset({"content_type", "token", "fields"})
HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
LONGEST_TOKEN = 255
UNUSABLE = (
    AttributeError,
    LookupError,
    ObjectDoesNotExist,
    TypeError,
    ValidationError,
    ValueError,
)

logger = logging.getLogger(__name__)


class PreviewView(ApiView):
    """Show the draft that a token stands for; see `docs/frontend.md` for how a frontend asks."""

    is_cacheable = False

    def get(self, request: Request) -> Response:
        """Return the draft, or a problem: 400 for a bad or expired token, 404 for one that stands for nothing."""
        parameters.check(request.GET, PARAMETERS)
        missing = {"content_type", "token"} - set(request.GET)
        if missing:
            name = min(missing)
            raise bad_parameter(
                name, f"{name} is missing; a preview's address has content_type and token."
            )
        # An editor sees the crop that readers will see, which is made here for the first preview that shows the
        # image: the wait is the editor's own, and the page is then published without one.
        enqueue_missing(pictures_named([self.draft], self.perspective), self.perspective.site)
        return self.respond(represent(self.draft, self.perspective, self.selection))

    @cached_property
    def perspective(self) -> Perspective:
        """The draft, and otherwise what is public on the draft's site."""
        site = site_of_draft(self.draft)
        if site is None:
            raise NotFound("The draft belongs to no site.")
        return Perspective(site, draft=self.draft)

    @cached_property
    def draft(self) -> Page:
        """The draft with its place in the tree and its dates as they will be once it is published."""
        model = _model_named(self.request.GET["content_type"])
        token = self.request.GET["token"]
        signed_at = _check(model, token)
        try:
            draft = model.get_page_from_preview_token(token)
            if draft is not None:
                _complete(draft, signed_at)
        except UNUSABLE:
            # What a draft was stored with may be gone since: its parent, its type, a field.
            logger.warning("The stored draft of a preview cannot be used.", exc_info=True)
            draft = None
        if draft is None:
            raise NotFound("There is no preview for this token; open the preview anew.")
        return draft

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep drafts, and the errors about them, out of every cache and search engine."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return response


def _model_named(text: str) -> Any:
    try:
        model = apps.get_model(text)
    except (LookupError, ValueError):
        model = None
    if model is None or not issubclass(model, HeadlessPreviewMixin):
        raise bad_parameter(
            "content_type", "content_type is not the name of a page type that has previews."
        )
    return model


def _check(model: Any, token: str) -> datetime.datetime:
    """Return when `token` was signed; raises a bad-parameter problem unless it is ours and young enough."""
    if len(token) > LONGEST_TOKEN:
        raise bad_parameter("token", "token is not one of ours; open the preview anew.")
    try:
        model.get_preview_signer().unsign(token, max_age=settings.PREVIEW_MAX_AGE)
    except signing.SignatureExpired as error:
        raise bad_parameter("token", "token has expired; open the preview anew.") from error
    except signing.BadSignature as error:
        raise bad_parameter("token", "token is not one of ours; open the preview anew.") from error
    return datetime.datetime.fromtimestamp(b62_decode(token.split(":")[-2]), tz=datetime.UTC)


def _complete(draft: Page, signed_at: datetime.datetime) -> None:
    """Give a draft what publishing gives a page: the path that its slug makes, its dates and its locale."""
    parent = draft.get_parent() if draft.depth > 1 else None
    if parent is not None:
        draft.set_url_path(parent)
        if draft.locale_id is None:
            draft.locale_id = parent.locale_id
    if draft.pk is not None:
        # The stored draft has its times to the millisecond only.
        dates = ("first_published_at", "last_published_at")
        stored = Page.objects.values(*dates).get(pk=draft.pk)
        draft.first_published_at, draft.last_published_at = (stored[name] for name in dates)
    draft.first_published_at = draft.first_published_at or signed_at
    draft.last_published_at = draft.last_published_at or signed_at
