"""Turns display HTML of rich text into Markdown, with the exporter that Wagtail's own API has.

The HTML comes from `rich_text`, so that every link in it is to something that may be seen. Images and embedded media,
which Markdown writes in its own way, are left out of the HTML and put back into the text.
"""

import logging
import re
import secrets
from html import unescape

from django.utils.html import strip_tags
from wagtail.admin.rich_text.converters.markdown_db import MarkdownConverter
from wagtail.rich_text import features

from .markdown_text import Markdown, address, inline, paragraphs

# A comment in HTML, where Python's parser expects a section of XML and may end in an error.
_SECTION = re.compile(r"<!\[[^>]*>?")
_END_OF_BLOCK = re.compile(r"</(?:p|li|h[1-6]|blockquote)>|<[bh]r ?/?>", re.IGNORECASE)

logger = logging.getLogger("frontend_api.markdown")


class MarkdownText:
    """One text on its way to Markdown, with the images and media that were taken out of it."""

    def __init__(self) -> None:
        # A word that no editor can have written.
        self._token = f"place{secrets.token_hex(8)}x"
        self._media: list[str] = []

    def put_image(self, alt: str, url: str) -> str:
        """Return the HTML that stands for an image until the text is made."""
        return self._put(f"![{inline(alt)}]({address(url)})")

    def put_link(self, text: str, url: str) -> str:
        """Return the HTML that stands for a link to embedded media until the text is made."""
        return self._put(f"[{inline(text)}]({address(url)})")

    def _put(self, markdown: str) -> str:
        self._media.append(markdown)
        return f"<p>{self._token}{len(self._media) - 1}x</p>"

    def made_of(self, html: str) -> Markdown:
        """Return HTML as Markdown, with the media in their places."""
        # Every feature that an editor may have been given, whatever the field of this text allows.
        features.get_default_features()
        known = list(features.converter_rules_by_converter.get("contentstate", {}))
        try:
            made: str = MarkdownConverter(known).from_database_format(html, resolved=True)
        except (AssertionError, LookupError, TypeError, ValueError) as error:
            # It expects what an editor writes; what a script has stored may have tags that do not match.
            logger.warning("A rich text is no Markdown (%s); it is written as plain text.", error)
            divided = _END_OF_BLOCK.sub("\n\n", _SECTION.sub("", html))
            made = paragraphs(unescape(strip_tags(divided)))
        with_media = re.sub(rf"{self._token}(\d+)x", lambda match: self._media[int(match[1])], made)
        return Markdown(with_media.strip("\n"))
