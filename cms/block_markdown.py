"""The blocks of page bodies as Markdown: what their texts alone would not tell."""

from typing import Any

from frontend_api.serialization.markdown_text import inline, item, joined, paragraphs, quoted
from frontend_api.serialization.markdown_writer import MarkdownWriter


def heading(block: Any, value: dict[str, Any], write: MarkdownWriter) -> str:
    """Return the heading in Markdown."""
    return f"{'###' if value['level'] == 'h3' else '##'} {inline(value['text'])}"


def quote(block: Any, value: dict[str, Any], write: MarkdownWriter) -> str:
    """Return the words as a quotation in Markdown, with who said them below."""
    who = value["attribution"]
    return quoted(joined(paragraphs(value["text"]), f"— {inline(who)}" if who else ""))


def key_figures(block: Any, value: dict[str, Any], write: MarkdownWriter) -> str:
    """Return the figures as a list in Markdown."""
    return "\n".join(
        item(
            f"**{inline(figure['value'])}** {inline(figure['label'])}"
            + (f" (as of {write.value(figure['as_of'])})" if figure["as_of"] else "")
        )
        for figure in value["figures"]
    )


def document(block: Any, value: dict[str, Any], write: MarkdownWriter) -> str:
    """Return a link to the document in Markdown; without one, its label alone."""
    document, label = value["document"], value["label"]
    return write.link(label or document["title"], document["url"]) if document else inline(label)


def call_to_action(block: Any, value: dict[str, Any], write: MarkdownWriter) -> str:
    """Return the button as a link in Markdown."""
    label, leads = value["label"], value["link"]
    return write.link(label, leads["url"]) if leads else inline(label)


def insights(block: Any, value: dict[str, Any], write: MarkdownWriter) -> str:
    """Return the heading and the insights below it in Markdown."""
    heading = f"## {inline(value['heading'])}" if value["heading"] else ""
    return joined(heading, write.value(value["insights"]))
