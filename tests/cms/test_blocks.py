"""The blocks of a body: what the block picker says of them, and what they refuse."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.blocks import BodyBlock, CallToActionBlock, WebAddressBlock
from cms.models import ContentPage
from tests import factories

BODY = BodyBlock()
NAMES = [
    "heading",
    "rich_text",
    "quote",
    "image",
    "video",
    "document",
    "key_figures",
    "table",
    "insights",
    "call_to_action",
]
BAD_ADDRESSES = [
    "javascript:alert(1)",
    "ftp://example.org/",
    "//example.org",
    "mailto:somebody@example.org",
    "https://",
    "/apply/",
]


def test_a_body_is_made_of_exactly_these_blocks() -> None:
    """Their names are public contract, so that a change here is one to the API."""
    assert list(BODY.child_blocks) == NAMES


def test_of_a_heading_its_text_alone_is_searched() -> None:
    block = BODY.child_blocks["heading"]
    value = block.to_python({"text": "Working together", "level": "h2"})
    assert block.get_searchable_content(value) == ["Working together"]


@pytest.mark.parametrize("name", NAMES)
def test_a_block_says_what_it_is_in_the_picker(name: str) -> None:
    block = BODY.child_blocks[name]
    assert block.label
    assert str(block.meta.description)
    assert str(block.meta.group) in {"Text", "Images and files", "Figures", "Links to more"}
    assert block.meta.icon not in {"", "placeholder"}


def test_no_two_blocks_look_alike_in_the_picker() -> None:
    blocks = BODY.child_blocks.values()
    assert len({block.meta.icon for block in blocks}) == len(NAMES)
    assert len({str(block.meta.description) for block in blocks}) == len(NAMES)


PREVIEWS = {
    "heading": "Working across borders",
    "rich_text": "<b>find and rescue</b>",
    "quote": "Every child we find is a child who can be helped.",
    "image": "A workshop in Lyon",
    "video": "How investigators work together",
    "document": "Annual report (PDF)",
    "key_figures": "10,000+",
    "table": "410,000",
    "insights": "Read more",
    "call_to_action": "Read the report",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_block_has_a_preview_in_the_picker(editor: Client, name: str) -> None:
    block = ContentPage._meta.get_field("body").stream_block.child_blocks[name]
    assert block.is_previewable
    response = editor.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert response.status_code == 200
    html = unescape(response.content.decode())
    assert "cms/block-preview" in html
    assert PREVIEWS[name] in html


def clean(**fields: Any) -> Any:
    """Check a call to action."""
    block = CallToActionBlock()
    return block.clean(block.to_python({"label": "Apply", "page": None, "url": "", **fields}))


def refused(**fields: Any) -> dict[str, list[str]]:
    """Return what is wrong with a call to action, by field."""
    with pytest.raises(StructBlockValidationError) as caught:
        clean(**fields)
    return {name: error.messages for name, error in caught.value.block_errors.items()}


@pytest.mark.django_db
def test_a_call_to_action_leads_to_a_page_or_to_an_address() -> None:
    home = factories.home()
    assert clean(page=home.pk)["page"].pk == home.pk
    assert clean(url="https://example.org/")["url"] == "https://example.org/"


@pytest.mark.django_db
def test_a_call_to_action_cannot_lead_nowhere_or_to_two_places() -> None:
    assert refused() == {"page": ["Choose a page or give an address."]}
    both = refused(page=factories.home().pk, url="https://example.org/")
    assert both == {"url": ["Choose a page or give an address, not both."]}


@pytest.mark.django_db
@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_a_call_to_action_cannot_lead_to_what_is_no_web_address(address: str) -> None:
    assert set(refused(url=address)) == {"url"}


def test_an_address_may_be_left_out_where_it_is_not_required() -> None:
    assert WebAddressBlock(required=False).clean("") == ""
