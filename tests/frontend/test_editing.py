"""Click to edit in the reference frontend: what templates write of the addresses that the API gives editors."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from .conftest import SmallApi, Visitor
from .test_previews import EDITOR, SHARE, draft, enter, shared
from .test_website import SITE

pytestmark = pytest.mark.once

BLOCK = {"type": "heading", "value": {"text": "Why", "level": "h2"}, "id": "why"}


def site_with(edit: dict[str, str]) -> dict[str, Any]:
    return {**SITE, "meta": {**SITE["meta"], "draft": {"edit": edit}}}


def edited(html: str) -> dict[str, str]:
    """Return the addresses in a page, by the words of their links."""
    parts = BeautifulSoup(html, "html.parser").select("[data-edit]")
    return {str(part["data-edit-name"]): str(part["data-edit"]) for part in parts}


def form(edit: dict[str, str], **fields: Any) -> dict[str, Any]:
    found = draft(body=[BLOCK], summary="Short.", **fields)
    found["meta"]["draft"]["edit"] = edit
    return found


def test_each_part_has_the_address_at_which_it_is_edited(api: SmallApi, website: Visitor) -> None:
    settings = "http://localhost:8000/admin/snippets/cms/sitesettings/edit/1/"
    edit = {
        "/title": f"{EDITOR}#:w:contentpath=title",
        "/body/0": f"{EDITOR}#block-why-section",
        "/summary": "javascript:alert(1)",
    }
    api.answers["/site/"] = (
        200,
        site_with({"/footer_text": f"{settings}#:w:contentpath=footer_text"}),
    )
    enter(api, website, form(edit))
    shown = website.get("/about/").text
    assert edited(shown) == {
        "title": edit["/title"],
        "heading": edit["/body/0"],
        "footer text": f"{settings}#:w:contentpath=footer_text",
    }
    assert '<script src="/static/edit.js" data-cms="http://localhost:8000" defer></script>' in shown


def test_nobody_else_has_the_script_or_an_address(api: SmallApi, website: Visitor) -> None:
    api.answers["/site/"] = 200, SITE
    enter(api, website, shared(), SHARE)
    shown = website.get("/about/").text
    assert "A draft, for you to read" in shown
    assert "edit.js" not in shown
    assert not edited(shown)


def test_a_field_of_an_object_is_found_by_its_name_whatever_its_name(
    api: SmallApi, website: Visitor
) -> None:
    """Names in pointers are escaped, and a name that no template has is passed over."""
    api.answers["/site/"] = 200, SITE
    enter(api, website, form({"/a~1b~0c": EDITOR, "/title": f"{EDITOR}#t"}, **{"a/b~c": "x"}))
    assert edited(website.get("/about/").text) == {"title": f"{EDITOR}#t"}
