"""`meta.draft`, from which a frontend builds the banner of a preview.

Public responses do not have it. To compare a draft with what is live now, read its `detail_url` without a credential.
"""

from typing import Any
from urllib.parse import urljoin

from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_admin_base_url

from frontend_api.introspection import Page
from frontend_api.visibility.perspective import Perspective


def with_state(form: dict[str, Any], page: Page, perspective: Perspective) -> dict[str, Any]:
    """Return `form`, the JSON of the page that a response shows, with `meta.draft` if its reader sees drafts.

    {"is_draft": true, "live": true, "edit_url": "https://cms.example.org/admin/pages/3/edit/"}

    `live` is whether the public sees the page too. `edit_url` is null if the reader may not edit the page, or if the
    page was never saved. In the preview of a snippet of the site every page is shown with a draft, that of the snippet,
    which `edit_url` leads to. If `fields` leaves out `meta`, `form` is returned unchanged.
    """
    draft_overlay = perspective.draft_overlay
    if draft_overlay is None or "meta" not in form:
        return form
    if perspective.drafts is None and page is not perspective.draft:
        # The reader may see a single draft, as through a share link; every other page is as the public sees it.
        return form
    state = {
        "is_draft": perspective.content is not None or draft_overlay.is_draft(page),
        "live": perspective.is_public(page),
        "edit_url": _edit_url_of_content(perspective) or _edit_url(page, perspective),
    }
    return {**form, "meta": {**form["meta"], "draft": state}}


def _edit_url_of_content(perspective: Perspective) -> str | None:
    if perspective.content is None or perspective.drafts is None:
        return None
    address = AdminURLFinder(perspective.drafts.user).get_edit_url(perspective.content)
    return urljoin(get_admin_base_url() or "", address) if address else None


def _edit_url(page: Page, perspective: Perspective) -> str | None:
    if page.pk is None or perspective.drafts is None or not perspective.drafts.may_edit(page):
        return None
    return urljoin(get_admin_base_url() or "", reverse("wagtailadmin_pages:edit", args=[page.pk]))
