"""Pages as Markdown, for people and machines that want their text plain: `Accept: text/markdown`."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer

from frontend_api.serialization.page_markdown import document
from frontend_api.visibility.perspective import Perspective

MEDIA_TYPE = "text/markdown"


class MarkdownRenderer(BaseRenderer):
    """Writes the JSON of a page, made by a perspective that is read elsewhere, as Markdown."""

    media_type = MEDIA_TYPE
    format = "md"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the page as Markdown, in UTF-8."""
        view = (renderer_context or {})["view"]
        return document(data, view.perspective.link_base).encode()


# JSON comes first: it is what a client gets that takes anything.
PAGE_RENDERERS = (JSONRenderer, MarkdownRenderer)


def write_for_reading_elsewhere(perspective: Perspective) -> None:
    """Have rich text written in Markdown, with the website before every path that it links to."""
    perspective.rich_text_format = "markdown"
    perspective.link_base = perspective.site.root_url
