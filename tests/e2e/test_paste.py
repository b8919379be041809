"""What word processors put on the clipboard, pasted into the forms by a real browser."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from cms.blocks import RICH_TEXT_FEATURES
from cms.models.pages import PLAIN_TEXT_FEATURES
from tests.conftest import PATIENCE

from .conftest import Installation, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.long

CLIPBOARD = Path(__file__).parent / "clipboard"
BODY = "[data-contentpath=body]"
EDITOR = "[contenteditable=true]"
PASTE = """
(editor, [html, text]) => {
    const clipboard = new DataTransfer();
    clipboard.setData("text/html", html);
    clipboard.setData("text/plain", text);
    const event = { clipboardData: clipboard, bubbles: true, cancelable: true };
    editor.dispatchEvent(new ClipboardEvent("paste", event));
}
"""
# What a form sends of a body, in its order.
BLOCKS = """
() => {
    const form = document.querySelector("#page-edit-form, form[data-edit-form]");
    const sent = new FormData(form);
    const count = Number(sent.get("body-count"));
    return Array.from({ length: count }, (_, number) => number)
        .filter((number) => !sent.get(`body-${number}-deleted`))
        .sort((one, other) => sent.get(`body-${one}-order`) - sent.get(`body-${other}-order`))
        .map((number) => ({
            type: sent.get(`body-${number}-type`),
            fields: Object.fromEntries(
                [...sent].filter(([name]) => name.startsWith(`body-${number}-value`))
                    .map(([name, value]) => [name.replace(`body-${number}-value`, ""), value]),
            ),
        }));
}
"""
FORMATTED = {
    "word.html": """
        <h3>A report on Word</h3> <h3>What we found</h3>
        <p>In 2023, <b>ten thousand</b> victims were identified<superscript>[1]</superscript>
        over 10<superscript>6</superscript> files, as
        <a href="https://example.org/report?year=2023&amp;part=2">the <i>report</i></a> says.</p>
        <h3>Who helped</h3> <p>Inside a content control.</p>
        <ul><li>Police<ul><li>Units of a <i>country</i></li></ul></li></ul> <ol><li>First of all</li></ol>
        <p>Kept on a disk, in an annex, by a script, at <a href="mailto:somebody@example.org">an address</a>.</p>
        <h3>A part of it</h3> <h4>A detail of it</h4> <p>The end. Really.</p>
        <p><superscript>[1]</superscript> By a count of ours.</p>
    """,
    "word_online.html": """
        <h3>What we found</h3>
        <p>In 2023, <b>ten thousand</b> over 10<superscript>6</superscript>, see
        <a href="https://example.org/report">the report</a></p>
        <ul><li>Police<ul><li>Units</li></ul></li></ul> <ol><li>First of all</li></ol>
        <p>The end<superscript>1</superscript></p>
    """,
    "google_docs.html": """
        <h3>What we found</h3>
        <p>In 2023, <b>ten thousand</b> over 10<superscript>6</superscript>, see
        <a href="https://example.org/report?a=1&amp;b=2">the report</a><superscript>[1]</superscript></p>
        <h3>Who helped</h3> <ul><li>Police<ul><li><i>Units</i></li></ul></li></ul>
        <ol><li>First of all</li></ol> <p>The end</p>
    """,
    "libreoffice.html": """
        <h3>What we found</h3>
        <p>In 2023, <b>ten thousand</b> over 10<superscript>61</superscript>, see
        <a href="https://example.org/report">the report</a></p>
        <h3>Who helped</h3> <ul><li>Police<ul><li><i>Units</i></li></ul></li></ul>
        <ol><li>First of all</li></ol> <p>The end</p> <p>1By a count of ours.</p>
    """,
    "pages.html": """
        <h3>What we found</h3>
        <p>In 2023, <b>ten thousand</b> over 10<superscript>6</superscript>, see
        <a href="https://example.org/report">the report</a></p>
        <ul><li>Police<ul><li>Units</li></ul></li></ul> <ol><li>First of all</li></ol> <p>The end</p>
    """,
}


def stored(value: str, features: list[str] = RICH_TEXT_FEATURES) -> str:
    """Return what is stored of a rich text that a form sends, without the keys of its paragraphs."""
    html = ContentstateConverter(features).to_database_format(value)
    return normal(re.sub(r' data-block-key="\w+"', "", html))


def normal(html: str) -> str:
    """Return HTML in one form, whatever its white space and the names of its elements."""
    for name, other in (("superscript", "sup"), ("b", "strong"), ("i", "em")):
        html = re.sub(rf"<(/?){name}>", rf"<\1{other}>", html)
    text = str(BeautifulSoup(re.sub(r"\s+", " ", html), "html.parser"))
    text = re.sub(r" ?(</?(?:p|h3|h4|ul|ol|li)>) ?", r"\1", text)
    return text.strip()


def paste(editor: "Locator", html: str, text: str = "What was copied") -> None:
    editor.focus()
    editor.evaluate(PASTE, [html, text])


def add_text(editor: "Page") -> "Locator":
    """Add a text to a body that is empty, and return where one types it."""
    editor.locator(BODY).get_by_title("Insert a block").first.click()
    editor.get_by_role("option", name="Text", exact=True).click()
    field = editor.locator(BODY).locator(EDITOR).first
    field.click()
    return field


@pytest.fixture(scope="module")
def window(installation: Installation, chromium: "Browser") -> "Iterator[Page]":
    """The window of a moderator, which stays open for all tests: most of their time would go into signing in."""
    with closing(chromium.new_context(viewport={"width": 1500, "height": 950})) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        sign_in(page, installation.cms, "moderator")
        yield page


@pytest.fixture
def form(installation: Installation, window: "Page") -> "Page":
    """The form of a new page of text, as a moderator sees it."""
    window.goto(f"{installation.cms}/admin/pages/add/cms/contentpage/2/")
    window.locator(BODY).wait_for()
    return window


def sent(page: "Page", expected: list[Any]) -> list[dict[str, Any]]:
    """Return the blocks that the form would send once their texts are `expected`; None is for what is no text.

    The editor of rich text hands over what it holds a moment after each change.
    """
    for _ in range(100):
        blocks: list[dict[str, Any]] = page.evaluate(BLOCKS)
        texts = [stored(block["fields"][""]) if "" in block["fields"] else None for block in blocks]
        if texts == expected:
            break
        page.wait_for_timeout(50)
    assert texts == expected
    return blocks


@pytest.mark.parametrize("copied", FORMATTED)
def test_headings_lists_links_and_superscripts_are_kept(form: "Page", copied: str) -> None:
    paste(add_text(form), (CLIPBOARD / copied).read_text(encoding="utf-8"))
    sent(form, [normal(FORMATTED[copied])])


def test_a_table_becomes_a_block_between_the_texts_around_it(
    form: "Page", screenshots: Path
) -> None:
    from playwright.sync_api import expect

    field = add_text(form)
    form.keyboard.type("First. Last.")
    for _ in range(len(" Last.")):
        form.keyboard.press("ArrowLeft")
    paste(field, (CLIPBOARD / "table_in_word.html").read_text(encoding="utf-8"))
    form.get_by_text("A table that you pasted is a Table block now").wait_for()
    form.locator(BODY).get_by_role("textbox").last.scroll_into_view_if_needed()
    form.screenshot(path=screenshots / "pasted-table.png")
    first, second = "<p>First.Before the table</p>", "<p>After the table</p>"
    table = sent(form, [first, None, second, "<p>Last.</p>"])[1]
    assert table["type"] == "table"
    cells = table["fields"]
    headings = [cells[f"-column-{number}-heading"] for number in range(3)]
    assert headings == ["Year", "Area, m²", "Source"]
    assert [cells[f"-cell-{row}-0"] for row in range(2)] == ["2023", ""]
    assert [cells[f"-cell-{row}-1"] for row in range(2)] == ["10,000", "2,000"]
    link = '<p><a href="https://example.org/report">The report</a></p>'
    assert stored(cells["-cell-0-2"], PLAIN_TEXT_FEATURES) == link
    form.locator("#id_title").press_sequentially("With a table")
    expect(form.locator("#id_slug")).to_have_value("with-a-table")
    form.get_by_role("button", name="Save draft").click()
    form.wait_for_url("**/edit/")
    assert form.locator(".typed-table-block").get_by_text("The report").count() == 1


def test_a_table_alone_leaves_no_empty_text(form: "Page") -> None:
    rows = "<tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr>"
    paste(add_text(form), f"<table>{rows}</table>")
    form.get_by_text("A table that you pasted is a Table block now").wait_for()
    (block,) = sent(form, [None])
    assert block["type"] == "table"


def test_where_no_table_can_be_its_text_stays_and_a_sentence_says_so(
    installation: Installation, window: "Page"
) -> None:
    from playwright.sync_api import expect

    page = window
    page.goto(f"{installation.cms}/admin/pages/2/edit/")
    section = page.locator("[data-contentpath=introduction]")
    field = section.locator(EDITOR)
    field.press("Control+A")
    paste(field, (CLIPBOARD / "table_in_word.html").read_text(encoding="utf-8"))
    section.get_by_text("This field cannot hold the table that you pasted").wait_for()
    kept = (
        "<p>Before the table</p> <p><b>Year</b> | <b>Area, m²</b> | <b>Source</b></p>"
        '<p>2023 | 10,000 | <a href="https://example.org/report">The report</a></p><p>2,000</p>'
        "<p>After the table</p>"
    )
    hidden = page.locator("input[name=introduction]")
    expect(hidden).to_have_value(re.compile("After the table"))
    assert stored(hidden.input_value(), PLAIN_TEXT_FEATURES) == normal(kept)


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<h2>Alone</h2>", "<h3>Alone</h3>"),
        ("<ul><li>Alone</li></ul>", "<ul><li>Alone</li></ul>"),
        ("<p>H<sub>2</sub>O and n<sub>max</sub></p>", "<p>H₂O and nmax</p>"),
        ("<p>one<br>two<br><br>three</p>", "<p>one<br/>two</p><p>three</p>"),
        ("<ol><li><p>one</p><p>more</p></li></ol>", "<ol><li>one<br/>more</li></ol>"),
        (
            "<table><tr><td><p>In a frame</p><ul><li>item</li></ul></td></tr></table>",
            "<p>In a frame</p><ul><li>item</li></ul>",
        ),
        ("<div>loose <b>text</b><p>and more</p></div>", "<p>loose <b>text</b></p><p>and more</p>"),
        ('<p><a href="/admin/pages/3/">x</a> <a href="ftp://a.example/">y</a></p>', "<p>x y</p>"),
        (
            '<p><a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2F">x</a></p>',
            '<p><a href="https://a.example/">x</a></p>',
        ),
        ("<style>p { color: red }</style><script>alert(1)</script><p>Text</p>", "<p>Text</p>"),
    ],
)
def test_text_is_kept_whatever_it_stands_in(form: "Page", html: str, kept: str) -> None:
    paste(add_text(form), html)
    sent(form, [normal(kept)])


def test_a_heading_that_is_pasted_into_a_paragraph_stays_one(form: "Page") -> None:
    field = add_text(form)
    form.keyboard.type("BeforeAfter")
    for _ in "After":
        form.keyboard.press("ArrowLeft")
    paste(field, "<h1>Title</h1><p>Text</p><ul><li>item</li></ul>")
    sent(form, ["<p>Before</p><h3>Title</h3><p>Text</p><ul><li>item</li></ul><p>After</p>"])
    # It is one step, as what one types is.
    field.press("Control+Z")
    sent(form, ["<p>BeforeAfter</p>"])


def test_pictures_are_not_taken_along_and_a_sentence_says_what_to_do(form: "Page") -> None:
    paste(add_text(form), '<p>Text<img src="file:///C:/Temp/clip_image001.png"></p>')
    form.get_by_text("Pictures were not pasted.").wait_for()


def test_an_address_over_words_makes_them_a_link(form: "Page") -> None:
    field = add_text(form)
    form.keyboard.type("the report")
    field.press("Control+A")
    address = "https://example.org/report"
    paste(field, f'<a href="{address}">{address}</a>', address)
    sent(form, [f'<p><a href="{address}">the report</a></p>'])
