"""`preview/`: the draft that a credential stands for, in exactly the shape of `pages/{id}/`.

The credential comes in the header, as for every endpoint, or in the parameters `content_type` and `token`, as in the
address that wagtail-headless-preview opens on the frontend.
"""

from functools import cached_property
from typing import Any

from django.apps import apps
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail_headless_preview.models import HeadlessPreviewMixin

from frontend_api.errors import BadCredential, bad_parameter
from frontend_api.images.finder import pictures_of
from frontend_api.images.tasks import enqueue_missing
from frontend_api.previews import credentials
from frontend_api.previews.credentials import Credential
from frontend_api.serialization.objects import represent

from . import parameters
from .base import DETAIL_PARAMETERS, ApiView
from .draft_state import with_state
from .markdown_renderer import PAGE_RENDERERS

PARAMETERS = DETAIL_PARAMETERS | {"content_type", "token"}


class PreviewView(ApiView):
    """Show the draft that a credential stands for; see `docs/api.md` for how a frontend asks."""

    is_cacheable = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read the token, then clear the query string so that no log can show it."""
        try:
            super().initial(request, *args, **kwargs)
        finally:
            # Django attaches a rejected request to its log record, and a formatter may well write out the query string.
            request.META["QUERY_STRING"] = ""

    def get_renderers(self) -> Any:
        """Return what writes the response: a draft is to be had as Markdown, too."""
        return [renderer() for renderer in PAGE_RENDERERS]

    def get(self, request: Request) -> Response:
        """Return the draft; raises `BadCredential` (401) for a credential that shows nothing."""
        draft = self.credential.draft
        # Make the crops that readers will see, so that editors see them too. The editor waits for them in the first
        # preview that shows an image; the page can then be published without a wait.
        enqueue_missing(pictures_of([draft], self.perspective), self.perspective.site)
        form = represent(draft, self.perspective, self.selection)
        return self.respond(with_state(form, draft, self.perspective))

    @cached_property
    def credential(self) -> Credential:
        """The credential in the request's header or parameters; never None.

        Raises `BadParameters` if it is missing or given twice, and `BadCredential` if it shows nothing or its draft is
        not of the type `content_type`.
        """
        query = self.request.GET
        in_header = credentials.given(self.request)
        found = None if in_header is None else credentials.read(in_header)
        parameters.check(query, PARAMETERS)
        if found is not None and "token" in query:
            raise bad_parameter("token", "The token is in the header too; give it once.")
        missing = set() if found is not None else {"content_type", "token"} - set(query)
        if missing:
            name = min(missing)
            raise bad_parameter(
                name,
                f"{name} is missing; give the token in the header Authorization, or content_type and token as they "
                "are in a preview's address.",
            )
        model = _model_named(query["content_type"]) if "content_type" in query else None
        credential = found or credentials.read(query["token"])
        if model is not None and type(credential.content or credential.draft) is not model:
            raise BadCredential
        return credential

    def is_about_draft(self) -> bool:
        """Return True: every response here is, even an error about a missing parameter."""
        return True


def _model_named(text: str) -> Any:
    try:
        model = apps.get_model(text)
    except (LookupError, ValueError):
        model = None
    if model is None or not issubclass(model, HeadlessPreviewMixin):
        raise bad_parameter(
            "content_type", "content_type is not the name of a type that has previews."
        )
    return model
