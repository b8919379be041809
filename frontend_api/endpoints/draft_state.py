"""`meta.draft`, from which a frontend builds the banner of a preview.

Public responses do not have it. To compare a draft with what is live now, read its `detail_url` without a credential.
"""

from collections.abc import Collection, Sequence
from typing import Any

from frontend_api.introspection import Page
from frontend_api.serialization.editing.addresses import address_of
from frontend_api.serialization.editing.pointers import Part, edit_addresses
from frontend_api.visibility.perspective import Perspective


class EditableForm(dict[str, Any]):
    """A form that knows whose fields it has; to JSON it is an object like any other."""

    def __init__(self, form: dict[str, Any], parts: Sequence[Part]) -> None:
        super().__init__(form)
        self.parts = parts


def with_state(form: dict[str, Any], page: Page, perspective: Perspective) -> dict[str, Any]:
    """Return `form`, the JSON of the page that a response shows, with `meta.draft` if its reader sees drafts.

    {"is_draft": true, "live": true, "edit_url": "https://cms.example.org/admin/pages/3/edit/",
     "edit": {"/title": "https://cms.example.org/admin/pages/3/edit/#:w:contentpath=title"}}

    `live` is whether the public sees the page too. `edit_url` is null if the reader may not edit the page, or if the
    page was never saved. In the preview of a snippet of the site every page is shown with a draft, that of the snippet,
    which `edit_url` leads to. If `fields` leaves out `meta`, `form` is returned unchanged. `edit`, which only editors
    get, is added by `add_edit_addresses`.
    """
    draft_overlay = perspective.draft_overlay
    if draft_overlay is None or "meta" not in form:
        return form
    if perspective.drafts is None and page is not perspective.draft:
        # The reader may see a single draft, as through a share link; every other page is as the public sees it.
        return form
    content = perspective.content
    state = {
        "is_draft": content is not None or draft_overlay.is_draft(page),
        "live": perspective.is_public(page),
        "edit_url": (content and address_of(content, perspective)) or address_of(page, perspective),
    }
    shown = {**form, "meta": {**form["meta"], "draft": state}}
    return editable(shown, [(page, form)], perspective)


def editable(
    form: dict[str, Any], parts: Sequence[tuple[Any, Collection[str]]], perspective: Perspective
) -> dict[str, Any]:
    """Return `form` as one that an editor is told the addresses of, if its reader is one."""
    return form if perspective.drafts is None else EditableForm(form, parts)


def add_edit_addresses(shown: Any, perspective: Perspective) -> None:
    """Add `meta.draft.edit` to an answer that is complete, if its reader is an editor.

    That of a listing leads to what its items are; that of whole pages is in each of them.
    """
    if perspective.drafts is None or not isinstance(shown, dict):
        return
    if isinstance(shown, EditableForm):
        draft = shown["meta"].setdefault("draft", {})
        draft["edit"] = edit_addresses(shown, shown.parts, perspective)
    elif {"items", "meta"} <= set(shown):
        whole = [item for item in shown["items"] if isinstance(item, EditableForm)]
        for item in whole:
            add_edit_addresses(item, perspective)
        if not whole:
            shown["meta"]["draft"] = {"edit": edit_addresses(shown, (), perspective)}
