"""What an answer with drafts says of the page that it shows: the banner of a preview is made of it.

A public answer has nothing of it. `detail_url`, read without a credential, is what is live now beside a draft.
"""

from typing import Any
from urllib.parse import urljoin

from django.urls import reverse
from wagtail.models import Page

from frontend_api import conf
from frontend_api.visibility.perspective import Perspective


def with_state(form: dict[str, Any], page: Page, perspective: Perspective) -> dict[str, Any]:
    """Return the form of the page that an answer shows, with `meta.draft` where its reader sees drafts.

    {"is_draft": true, "live": true, "edit_url": "https://cms.example.org/admin/pages/3/edit/"}

    `live` tells whether the public sees the page too. `edit_url` is null for whoever may not edit it, and for a page
    that was never saved. An answer that `fields` leaves without `meta` stays without.
    """
    draft_overlay = perspective.draft_overlay
    if draft_overlay is None or "meta" not in form:
        return form
    if perspective.drafts is None and page is not perspective.draft:
        # For whoever was given one draft alone, all else is as it is for the public.
        return form
    state = {
        "is_draft": draft_overlay.is_draft(page),
        "live": perspective.is_public(page),
        "edit_url": _edit_url(page, perspective),
    }
    return {**form, "meta": {**form["meta"], "draft": state}}


def _edit_url(page: Page, perspective: Perspective) -> str | None:
    if page.pk is None or perspective.drafts is None or not perspective.drafts.may_edit(page):
        return None
    return urljoin(conf.admin_base_url(), reverse("wagtailadmin_pages:edit", args=[page.pk]))
